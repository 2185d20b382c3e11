import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { outOfBandCloud } from "../cloud/outOfBand";
import { faultSchema } from "../faults/faultSchema";
import { decodeUtf8 } from "../http/body";
import type { Reply } from "../http/reply";
import { isLoopbackName, type RequestTarget } from "../http/requestTarget";
import { compileTemplate, matchRoute } from "../http/routing";
import type { EmulatorInstance } from "../instance/emulatorInstance";
import { strictObject, finiteNumber, isObject } from "../schemas/jsonSchemas";
import { changeUnknowns } from "../unknowns/unknowns";
import { unknownsTable, withoutSwitch } from "../unknowns/unknownsTable";
import { handleCloudCall, ControlError, parseBody } from "./cloudCalls";

/** A request to the control of an emulator: what tests in other processes do to it. */
interface ControlRequest {
  instance: EmulatorInstance;
  method: string;
  params: Record<string, string>;
  body: unknown;
}

const controlCall = (
  method: string,
  template: string,
  what: string,
  handle: (order: ControlRequest) => unknown,
) => ({
  method,
  template,
  what,
  pattern: compileTemplate(template),
  handle,
});

const clockChange = strictObject({
  now: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text)), "no date"),
    ),
  ),
  advanceMs: v.optional(finiteNumber),
  frozen: v.optional(v.boolean()),
});

const unknownsChange = v.custom<Record<string, unknown>>(isObject, "an object of answers is due");
const acceptedInvitation = strictObject({ email: v.string(), displayName: v.exactOptional(v.string()) });

/** The calls below `/_emulator/`; `GET /_emulator` lists them. */
export const controlCalls = [
  controlCall(
    "POST",
    "reset",
    "Puts the cloud, the clock and the open questions back to the start; forgets the rest.",
    ({ instance }) => instance.reset(),
  ),
  controlCall(
    "GET",
    "settings",
    "The five settings of the admin account.",
    ({ instance }) => instance.settings,
  ),
  controlCall("GET", "state", "The whole cloud, secrets included.", ({ instance }) =>
    instance.cloud.snapshot(),
  ),
  controlCall("GET", "requests", "The requests so far, oldest first.", ({ instance }) => ({
    requests: [...instance.requests],
  })),
  controlCall("DELETE", "requests", "Forgets them.", ({ instance }) => instance.requests.clear()),
  controlCall("GET", "faults", "The faults that wait.", ({ instance }) => ({
    faults: instance.faults.list(),
  })),
  controlCall(
    "POST",
    "faults",
    "{method?, path, caller?, effect, times?, skip?}: adds one.",
    ({ instance, body }) => ({
      id: instance.faults.add(parseBody(faultSchema, body)),
    }),
  ),
  controlCall("DELETE", "faults", "Ends all.", ({ instance }) => instance.faults.clear()),
  controlCall("DELETE", "faults/{id}", "Ends one.", ({ instance, params }) =>
    instance.faults.clear(Number(params["id"])),
  ),
  controlCall("GET", "clock", "The time.", clockBody),
  controlCall("PATCH", "clock", "{now?, advanceMs?, frozen?}: sets, moves, stops or starts it.", (order) => {
    const { clock } = order.instance.cloud;
    const { now, advanceMs = 0, frozen } = parseBody(clockChange, order.body);
    if (now !== undefined) clock.set(new Date(now));
    clock.advance(advanceMs);
    if (frozen === true) clock.freeze();
    if (frozen === false) clock.set(clock.now());
    return clockBody(order);
  }),
  controlCall("DELETE", "clock", "Goes back to the real time.", ({ instance }) =>
    instance.cloud.clock.reset(),
  ),
  controlCall("GET", "unknowns", "Open questions and how they are answered.", ({ instance }) => ({
    unknowns: instance.cloud.unknowns,
    table: unknownsTable,
    withoutSwitch,
  })),
  controlCall("PATCH", "unknowns", "{name: value}: answers them in another way.", ({ instance, body }) => {
    changeUnknowns(instance.cloud.unknowns, parseBody(unknownsChange, body));
    return { unknowns: instance.cloud.unknowns };
  }),
  controlCall("GET", "cloud/mails", "Invitations that were recorded.", ({ instance }) => ({
    mails: outOfBandCloud(instance.cloud).mails,
  })),
  controlCall(
    "POST",
    "cloud:acceptInvitation",
    "{email, displayName?}: a person signs up.",
    ({ instance, body }) => {
      const { email, displayName } = parseBody(acceptedInvitation, body);
      return outOfBandCloud(instance.cloud).acceptInvitation(email, displayName);
    },
  ),
  ...["GET", "POST", "PATCH", "DELETE"].map((method) =>
    controlCall(
      method,
      "cloud/{name=**}",
      "By hand, as nobody: a thing or list by resource name, e.g. cloud/projects/p/members.",
      ({ instance, params, body }) =>
        handleCloudCall(outOfBandCloud(instance.cloud), method, params["name"] ?? "", body),
    ),
  ),
];

export const isControl = (path: string): boolean => /^\/_emulator(\/|$)/.test(path);

/** Answers a request to `/_emulator…`; only this machine may ask, and no web page. */
export function handleControlRequest(
  instance: EmulatorInstance,
  { target, body, request }: { target: RequestTarget; body: Buffer | undefined; request: IncomingMessage },
): Reply {
  if (!isFromThisMachine(instance, target, request))
    return controlErrorReply(403, "the control is for programs on this machine only");
  if (!body) return controlErrorReply(413, "the body is too large", { Connection: "close" });
  const method = request.method ?? "GET";
  const path = target.path.slice("/_emulator".length).replace(/^\//, "");
  if (path === "" && method === "GET") return { status: 200, body: overview(instance) };
  const found = matchRoute(controlCalls, method, path);
  if (found.kind !== "route")
    return controlErrorReply(
      path !== "" && found.kind === "none" ? 404 : 405,
      `${method} ${target.path} is no call of the control: see GET /_emulator`,
      path === "" ? { Allow: "GET" } : found.kind === "none" ? {} : { Allow: found.methods.join(", ") },
    );
  try {
    const order = { instance, method, params: found.params, body: parseJson(body) };
    return { status: 200, body: instance.cloud.undoLog.transaction(() => found.route.handle(order)) ?? {} };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof ControlError
      ? controlErrorReply(error.status, message, error.headers)
      : controlErrorReply(400, message);
  }
}

/** What the control answers to what it refuses. */
export const controlErrorReply = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Reply => ({ status, body: { error: message }, headers });

/** Whether a program of this machine asks: not a web page, also not one whose host name was made to mean this machine. */
function isFromThisMachine(
  { host }: EmulatorInstance,
  target: RequestTarget,
  { socket, headers }: IncomingMessage,
): boolean {
  const isLocal = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? "");
  const isOurName = target.host === undefined || target.host === host || isLoopbackName(target.host);
  return isLocal && isOurName && headers.origin === undefined;
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(decodeUtf8(body));
  } catch {
    throw new ControlError(400, "the body is not JSON");
  }
}

const overview = ({ dataFile, settings }: EmulatorInstance): object => ({
  emulator: settings.DT_API_URL,
  dataFile: dataFile?.path ?? null,
  calls: controlCalls.map(({ method, template, what }) => `${method} /_emulator/${template}: ${what}`),
});

function clockBody({ instance }: ControlRequest): object {
  const { clock } = instance.cloud;
  return { now: clock.now().toISOString(), ...clock.state };
}
