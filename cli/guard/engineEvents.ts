import * as v from "valibot";
import { isSecret } from "../state/deployment.js";

/** What `pulumi preview --json` writes with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`: one event of the engine a line. */

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

/** Whether a text is such a stream: its first line is an event by itself. */
export const isEventStream = (text: string): boolean =>
  readEvent(text.trimStart().split("\n", 1)[0] ?? "") !== undefined;

/**
 * The same as the one document that a preview writes otherwise, as far as the events tell.
 *
 * @throws Error where the stream breaks off, or is that of an update
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

/** The events wrap a secret, where the document has a mark. */
const withMarks = (properties: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isSecret(value) ? "[secret]" : value]),
  );
