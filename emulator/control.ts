import type { IncomingMessage } from "node:http";
import type { Emulation } from "./emulation";
import type { Reply } from "./exchange";

interface Asked {
  method: string;
  url: URL;
  text: string;
  request: IncomingMessage;
}

export function control(emulation: Emulation, { method, url }: Asked): Reply {
  if (method === "GET" && url.pathname === "/_emulator/state")
    return { status: 200, body: emulation.world.dump() };
  return { status: 404, body: { error: "not found" } };
}
