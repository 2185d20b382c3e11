import * as v from "valibot";
import { isSecret } from "../state/deployment.js";

/**
 * Reads the output of `pulumi preview --json` with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`: each line is an engine
 * event.
 */

const Properties = v.nullish(v.record(v.string(), v.unknown()), {});
const EventState = v.looseObject({ inputs: Properties, outputs: Properties });
const Event = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config: Properties })),
  diagnosticEvent: v.optional(v.object({ severity: v.string() })),
  resourcePreEvent: v.optional(
    v.object({
      metadata: v.object({
        op: v.string(),
        urn: v.string(),
        old: v.nullish(EventState),
        new: v.nullish(EventState),
      }),
    }),
  ),
  summaryEvent: v.optional(
    v.object({
      resourceChanges: v.nullish(v.record(v.string(), v.number()), {}),
      isPreview: v.optional(v.boolean(), true),
      result: v.optional(v.string(), "succeeded"),
    }),
  ),
});
type Event = v.InferOutput<typeof Event>;

/** Whether a text is a stream of events: its first line is a complete event. */
export const isEventStream = (text: string): boolean =>
  readEvent(text.trimStart().split("\n", 1)[0] ?? "") !== undefined;

/**
 * Converts the events to the document that `pulumi preview --json` writes without streaming, as far as the events
 * contain it.
 *
 * @throws Error if the stream is incomplete or comes from an update
 */
export function previewOf(stream: string): unknown {
  const events = stream
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => readEvent(line) ?? brokenOff());
  const { summaryEvent: summary } = events.find(({ summaryEvent }) => summaryEvent) ?? {};
  if (summary === undefined) return brokenOff();
  if (!summary.isPreview)
    throw new Error("the input is the output of an update: pass the output of `pulumi preview --json`");
  const severities = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const failure = summary.result === "succeeded" ? [] : [{ severity: "error" }];
  return {
    config: events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config ?? {},
    steps: events.flatMap(stepIn),
    changeSummary: summary.resourceChanges,
    diagnostics: [...severities, ...failure],
  };
}

function readEvent(line: string): Event | undefined {
  try {
    const result = v.safeParse(Event, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function brokenOff(): never {
  throw new Error("the preview's stream ends early, so the list of changes is incomplete");
}

function stepIn({ resourcePreEvent }: Event) {
  if (resourcePreEvent === undefined) return [];
  const { op, urn, old, new: fresh } = resourcePreEvent.metadata;
  return [
    {
      op,
      urn,
      ...(old ? { oldState: withoutSecrets(old) } : {}),
      ...(fresh ? { newState: withoutSecrets(fresh) } : {}),
    },
  ];
}

const withoutSecrets = (state: v.InferOutput<typeof EventState>) => ({
  ...state,
  inputs: withMarks(state.inputs),
  outputs: withMarks(state.outputs),
});

/** Replaces a secret, which events wrap in an object, with the text that the document has for it. */
const withMarks = (properties: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isSecret(value) ? "[secret]" : value]),
  );
