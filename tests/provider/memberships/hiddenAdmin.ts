import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { serve } from "../api/wire";
import type { World } from "../world";

/**
 * Starts a server in front of the cloud. Its lists hide the admin account, like an account with rights from elsewhere.
 *
 * @returns its URL
 */
export async function hiddenAdmin(world: World): Promise<string> {
  const { url } = await serve((request, response) => {
    void forward(world, request).then(([code, body]) => response.writeHead(code, json).end(body));
  });
  return url;
}

const json = { "content-type": "application/json" };

async function forward(world: World, request: IncomingMessage): Promise<readonly [number, string]> {
  const { method = "GET", headers, url = "" } = request;
  const body = await text(request);
  const from = await fetch(new URL(url, world.url), {
    method,
    headers: { ...json, authorization: headers.authorization ?? "" },
    ...(body !== "" && { body }),
  });
  const said = await from.text();
  if (method !== "GET" || !url.includes("/members?")) return [from.status, said];
  const page = JSON.parse(said) as { members: { email: string }[] };
  const members = page.members.filter(({ email }) => email !== world.admin.email);
  return [from.status, JSON.stringify({ ...page, members })];
}
