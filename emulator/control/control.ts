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

/** A request to the control, through which tests in other processes use the emulator. */
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
  handle: (request: ControlRequest) => unknown,
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
      v.check((text) => !Number.isNaN(Date.parse(text)), "expected a date"),
    ),
  ),
  advanceMs: v.optional(finiteNumber),
  frozen: v.optional(v.boolean()),
});

const unknownsChange = v.custom<Record<string, unknown>>(isObject, "expected an object of answers");
const acceptedInvitation = strictObject({ email: v.string(), displayName: v.exactOptional(v.string()) });

/** The calls below `/_emulator/`; `GET /_emulator` lists them. */
export const controlCalls = [
  controlCall(
    "POST",
    "reset",
    "Restores the cloud, clock and switches; clears requests, faults and hooks.",
    ({ instance }) => instance.reset(),
  ),
  controlCall(
    "GET",
    "settings",
    "Shows the five settings of the admin account.",
    ({ instance }) => instance.settings,
  ),
  controlCall("GET", "state", "Shows the whole cloud, including secrets.", ({ instance }) =>
    instance.cloud.snapshot(),
  ),
  controlCall("GET", "requests", "Lists the requests so far, oldest first.", ({ instance }) => ({
    requests: [...instance.requests],
  })),
  controlCall("DELETE", "requests", "Clears the list of requests.", ({ instance }) =>
    instance.requests.clear(),
  ),
  controlCall("GET", "faults", "Lists the active faults.", ({ instance }) => ({
    faults: instance.faults.list(),
  })),
  controlCall(
    "POST",
    "faults",
    "{method?, path, caller?, effect, times?, skip?}: adds a fault.",
    ({ instance, body }) => ({
      id: instance.faults.add(parseBody(faultSchema, body)),
    }),
  ),
  controlCall("DELETE", "faults", "Removes all faults.", ({ instance }) => instance.faults.clear()),
  controlCall("DELETE", "faults/{id}", "Removes a fault.", ({ instance, params }) =>
    instance.faults.clear(Number(params["id"])),
  ),
  controlCall("GET", "clock", "Shows the time.", clockBody),
  controlCall(
    "PATCH",
    "clock",
    "{now?, advanceMs?, frozen?}: sets, moves, stops or starts the clock.",
    (request) => {
      const { clock } = request.instance.cloud;
      const { now, advanceMs = 0, frozen } = parseBody(clockChange, request.body);
      if (now !== undefined) clock.set(new Date(now));
      clock.advance(advanceMs);
      if (frozen === true) clock.freeze();
      if (frozen === false) clock.set(clock.now());
      return clockBody(request);
    },
  ),
  controlCall("DELETE", "clock", "Returns to the real time.", ({ instance }) => instance.cloud.clock.reset()),
  controlCall("GET", "unknowns", "Lists the switches and their values.", ({ instance }) => ({
    unknowns: instance.cloud.unknowns,
    table: unknownsTable,
    withoutSwitch,
  })),
  controlCall("PATCH", "unknowns", "{name: value}: changes switches.", ({ instance, body }) => {
    changeUnknowns(instance.cloud.unknowns, parseBody(unknownsChange, body));
    return { unknowns: instance.cloud.unknowns };
  }),
  controlCall("GET", "cloud/mails", "Lists the recorded invitation mails.", ({ instance }) => ({
    mails: outOfBandCloud(instance.cloud).mails,
  })),
  controlCall(
    "POST",
    "cloud:acceptInvitation",
    "{email, displayName?}: accepts all invitations of a person.",
    ({ instance, body }) => {
      const { email, displayName } = parseBody(acceptedInvitation, body);
      return outOfBandCloud(instance.cloud).acceptInvitation(email, displayName);
    },
  ),
  ...["GET", "POST", "PATCH", "DELETE"].map((method) =>
    controlCall(
      method,
      "cloud/{name=**}",
      "Reads or changes a resource or list without permission checks, e.g. cloud/projects/p/members.",
      ({ instance, params, body }) =>
        handleCloudCall(outOfBandCloud(instance.cloud), method, params["name"] ?? "", body),
    ),
  ),
];

export const isControl = (path: string): boolean => /^\/_emulator(\/|$)/.test(path);

/** Answers a request to `/_emulator…`. Refuses other machines and web pages. */
export function handleControlRequest(
  instance: EmulatorInstance,
  { target, body, request }: { target: RequestTarget; body: Buffer | undefined; request: IncomingMessage },
): Reply {
  if (!isFromThisMachine(instance, target, request))
    return controlErrorReply(403, "the control answers only to programs on this machine");
  if (!body) return controlErrorReply(413, "the body is too large", { Connection: "close" });
  const method = request.method ?? "GET";
  const path = target.path.slice("/_emulator".length).replace(/^\//, "");
  if (path === "" && method === "GET") return { status: 200, body: overview(instance) };
  const found = matchRoute(controlCalls, method, path);
  if (found.kind !== "route")
    return controlErrorReply(
      path !== "" && found.kind === "none" ? 404 : 405,
      `${method} ${target.path} is not a call of the control: see GET /_emulator`,
      path === "" ? { Allow: "GET" } : found.kind === "none" ? {} : { Allow: found.methods.join(", ") },
    );
  try {
    const request = { instance, method, params: found.params, body: parseJson(body) };
    return { status: 200, body: instance.cloud.undoLog.transaction(() => found.route.handle(request)) ?? {} };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof ControlError
      ? controlErrorReply(error.status, message, error.headers)
      : controlErrorReply(400, message);
  }
}

/** An error answer of the control. */
export const controlErrorReply = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Reply => ({ status, body: { error: message }, headers });

/** Whether a program on this machine sent the request. The host name is checked because of DNS rebinding by web pages. */
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
