import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { cloudOf } from "../cloud/outOfBand";
import { faultSchema } from "../faults/faultSchema";
import { decodeUtf8 } from "../http/body";
import type { Reply } from "../http/reply";
import { isLoopbackName, type Target } from "../http/requestTarget";
import { compileTemplate, matchRoute } from "../http/routing";
import type { Emulation } from "../instance/emulatorInstance";
import { exactly, finite, isObject } from "../schemas/jsonSchemas";
import { changeUnknowns } from "../unknowns/unknowns";
import { unknownsTable, withoutSwitch } from "../unknowns/unknownsTable";
import { byHand, Mistake, read } from "./cloudCalls";

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
  pattern: compileTemplate(template),
  handle,
});

const clockChange = exactly({
  now: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text)), "no date"),
    ),
  ),
  advanceMs: v.optional(finite),
  frozen: v.optional(v.boolean()),
});

const answers = v.custom<Record<string, unknown>>(isObject, "an object of answers is due");
const newcomer = exactly({ email: v.string(), displayName: v.exactOptional(v.string()) });

/** The calls below `/_emulator/`; `GET /_emulator` lists them. */
export const controlCalls = [
  call(
    "POST",
    "reset",
    "Puts the cloud, the clock and the open questions back to the start; forgets the rest.",
    ({ emulation }) => emulation.reset(),
  ),
  call("GET", "settings", "The five settings of the admin account.", ({ emulation }) => emulation.settings),
  call("GET", "state", "The whole cloud, secrets included.", ({ emulation }) => emulation.cloud.dump()),
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
    const { clock } = order.emulation.cloud;
    const { now, advanceMs = 0, frozen } = read(clockChange, order.body);
    if (now !== undefined) clock.set(new Date(now));
    clock.advance(advanceMs);
    if (frozen === true) clock.freeze();
    if (frozen === false) clock.set(clock.now());
    return clockState(order);
  }),
  call("DELETE", "clock", "Goes back to the real time.", ({ emulation }) => emulation.cloud.clock.reset()),
  call("GET", "unknowns", "Open questions and how they are answered.", ({ emulation }) => ({
    unknowns: emulation.cloud.unknowns,
    table: unknownsTable,
    withoutSwitch,
  })),
  call("PATCH", "unknowns", "{name: value}: answers them in another way.", ({ emulation, body }) => {
    changeUnknowns(emulation.cloud.unknowns, read(answers, body));
    return { unknowns: emulation.cloud.unknowns };
  }),
  call("GET", "cloud/mails", "Invitations that were recorded.", ({ emulation }) => ({
    mails: cloudOf(emulation.cloud).mails,
  })),
  call(
    "POST",
    "cloud:acceptInvitation",
    "{email, displayName?}: a person signs up.",
    ({ emulation, body }) => {
      const { email, displayName } = read(newcomer, body);
      return cloudOf(emulation.cloud).acceptInvitation(email, displayName);
    },
  ),
  ...["GET", "POST", "PATCH", "DELETE"].map((method) =>
    call(
      method,
      "cloud/{name=**}",
      "By hand, as nobody: a thing or list by resource name, e.g. cloud/projects/p/members.",
      ({ emulation, params, body }) => byHand(cloudOf(emulation.cloud), method, params["name"] ?? "", body),
    ),
  ),
];

export const isControl = (path: string): boolean => /^\/_emulator(\/|$)/.test(path);

/** Answers a request to `/_emulator…`; only this machine may ask, and no web page. */
export function control(
  emulation: Emulation,
  { target, body, request }: { target: Target; body: Buffer | undefined; request: IncomingMessage },
): Reply {
  if (!isFromHere(emulation, target, request))
    return controlFailure(403, "the control is for programs on this machine only");
  if (!body) return controlFailure(413, "the body is too large", { Connection: "close" });
  const method = request.method ?? "GET";
  const path = target.path.slice("/_emulator".length).replace(/^\//, "");
  if (path === "" && method === "GET") return { status: 200, body: overview(emulation) };
  const found = matchRoute(controlCalls, method, path);
  if (found.kind !== "route")
    return controlFailure(
      path !== "" && found.kind === "none" ? 404 : 405,
      `${method} ${target.path} is no call of the control: see GET /_emulator`,
      path === "" ? { Allow: "GET" } : found.kind === "none" ? {} : { Allow: found.methods.join(", ") },
    );
  try {
    const order = { emulation, method, params: found.params, body: parseBody(body) };
    return { status: 200, body: emulation.cloud.log.attempt(() => found.route.handle(order)) ?? {} };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof Mistake
      ? controlFailure(error.status, message, error.headers)
      : controlFailure(400, message);
  }
}

/** What the control answers to what it refuses. */
export const controlFailure = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Reply => ({ status, body: { error: message }, headers });

/** Whether a program of this machine asks: not a web page, also not one whose host name was made to mean this machine. */
function isFromHere({ host }: Emulation, target: Target, { socket, headers }: IncomingMessage): boolean {
  const isLocal = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? "");
  const isOurName = target.host === undefined || target.host === host || isLoopbackName(target.host);
  return isLocal && isOurName && headers.origin === undefined;
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(decodeUtf8(body));
  } catch {
    throw new Mistake(400, "the body is not JSON");
  }
}

const overview = ({ dataFile, settings }: Emulation): object => ({
  emulator: settings.DT_API_URL,
  dataFile: dataFile?.path ?? null,
  calls: controlCalls.map(({ method, template, what }) => `${method} /_emulator/${template}: ${what}`),
});

function clockState({ emulation }: Order): object {
  const { clock } = emulation.cloud;
  return { now: clock.now().toISOString(), ...clock.state };
}
