import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { cloudOf } from "./cloud";
import { byHand, Mistake, read } from "./controlCloud";
import type { Emulation } from "./emulation";
import type { Reply } from "./exchange";
import { faultSchema } from "./faultSchema";
import { findRoute, patternOf } from "./router";
import { changeUnknowns } from "./unknowns";
import { unknownsTable, withoutSwitch } from "./unknownsTable";

/** A request to the control of an emulator: what tests in other processes do to it. */
interface Order {
  emulation: Emulation;
  method: string;
  params: Record<string, string>;
  body: unknown;
}

const call = (method: string, template: string, what: string, handle: (order: Order) => unknown) => ({
  method,
  template,
  what,
  pattern: patternOf(template),
  handle,
});

const clockChange = v.strictObject({
  now: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text)), "no date"),
    ),
  ),
  advanceMs: v.optional(v.number()),
  frozen: v.optional(v.boolean()),
});

/** The calls below `/_emulator/`; `GET /_emulator` lists them. */
const calls = [
  call("GET", "settings", "The five settings of the admin account.", ({ emulation }) => emulation.settings),
  call("GET", "state", "The whole world, secrets included.", ({ emulation }) => emulation.world.dump()),
  call("GET", "requests", "The requests so far, oldest first.", ({ emulation }) => ({
    requests: [...emulation.requests],
  })),
  call("DELETE", "requests", "Forgets them.", ({ emulation }) => emulation.requests.clear()),
  call("GET", "faults", "The faults that wait.", ({ emulation }) => ({ faults: emulation.faults.list() })),
  call(
    "POST",
    "faults",
    "{method?, path, caller?, effect, times?, skip?}: adds one.",
    ({ emulation, body }) => ({
      id: emulation.faults.add(read(faultSchema, body)),
    }),
  ),
  call("DELETE", "faults", "Ends all.", ({ emulation }) => emulation.faults.clear()),
  call("DELETE", "faults/{id}", "Ends one.", ({ emulation, params }) =>
    emulation.faults.clear(Number(params["id"])),
  ),
  call("GET", "clock", "The time.", clockState),
  call("PATCH", "clock", "{now?, advanceMs?, frozen?}: sets, moves, stops or starts it.", (order) => {
    const { clock } = order.emulation.world;
    const { now, advanceMs = 0, frozen } = read(clockChange, order.body);
    if (now !== undefined) clock.set(new Date(now));
    clock.advance(advanceMs);
    if (frozen === true) clock.freeze();
    if (frozen === false) clock.set(clock.now());
    return clockState(order);
  }),
  call("DELETE", "clock", "Goes back to the real time.", ({ emulation }) => emulation.world.clock.reset()),
  call("GET", "unknowns", "Open questions and how they are answered.", ({ emulation }) => ({
    unknowns: emulation.world.unknowns,
    table: unknownsTable,
    withoutSwitch,
  })),
  call("PATCH", "unknowns", "{name: value}: answers them in another way.", ({ emulation, body }) => {
    changeUnknowns(emulation.world.unknowns, read(v.record(v.string(), v.unknown()), body));
    return { unknowns: emulation.world.unknowns };
  }),
  call("GET", "cloud/mails", "Invitations that were recorded.", ({ emulation }) => ({
    mails: cloudOf(emulation.world).mails,
  })),
  call(
    "POST",
    "cloud:acceptInvitation",
    "{email, displayName?}: a person signs up.",
    ({ emulation, body }) => {
      const { email, displayName } = read(
        v.strictObject({ email: v.string(), displayName: v.optional(v.string()) }),
        body,
      );
      return cloudOf(emulation.world).acceptInvitation(email, displayName);
    },
  ),
  ...["GET", "POST", "PATCH", "DELETE"].map((method) =>
    call(
      method,
      "cloud/{name=**}",
      "By hand, as nobody: a thing or list by resource name, e.g. cloud/projects/p/members.",
      ({ emulation, params, body }) => byHand(cloudOf(emulation.world), method, params["name"] ?? "", body),
    ),
  ),
];

/** Answers a request to `/_emulator…`; only this machine may ask, and no web page. */
export function control(
  emulation: Emulation,
  { method, url, text, request }: { method: string; url: URL; text: string; request: IncomingMessage },
): Reply {
  const from = request.socket.remoteAddress ?? "";
  if (!/^(::ffff:)?127\.|^::1$/.test(from) || request.headers.origin !== undefined)
    return { status: 403, body: { error: "the control is for programs on this machine only" } };
  const path = url.pathname.slice("/_emulator".length).replace(/^\//, "");
  if (path === "" && method === "GET") return { status: 200, body: overview(emulation) };
  const found = findRoute(calls, method, path);
  if (found.kind !== "route") {
    const status = found.kind === "none" ? 404 : 405;
    return {
      status,
      body: { error: `${method} ${url.pathname} is no call of the control: see GET /_emulator` },
    };
  }
  try {
    const order = {
      emulation,
      method,
      params: found.params,
      body: text === "" ? {} : (JSON.parse(text) as unknown),
    };
    return { status: 200, body: found.route.handle(order) ?? {} };
  } catch (error) {
    const status = error instanceof Mistake ? error.status : 400;
    return { status, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

const overview = ({ dataFile, settings }: Emulation): object => ({
  emulator: settings.DT_API_URL,
  dataFile: dataFile?.path ?? null,
  calls: calls.map(({ method, template, what }) => `${method} /_emulator/${template}: ${what}`),
});

function clockState({ emulation }: Order): object {
  const { clock } = emulation.world;
  return { now: clock.now().toISOString(), ...clock.state };
}
