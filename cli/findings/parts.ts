import type { Session } from "../../provider/session/session.js";
import { isExplicitProvider, isOurs } from "../../provider/stack/doors.js";
import type { StackState, StateResource } from "../state/deployment.js";
import { nameIn } from "../../provider/stack/urns.js";
import { explicitProviders, providerIn } from "../state/providers.js";
import type { States } from "../state/source.js";
import type { Finding } from "./finding.js";

/** The part of a stack that one session reads. */
export interface Part {
  readonly session: Session;
  /**
   * The states for this part. The rest of the stack is in `others`, so its declarations are not reported as unmanaged.
   */
  readonly states: States;
}

/** Splits a stack into one part for each session. The first part contains the resources without a separate login. */
export function partsOf(
  { stack, others }: States,
  session: Session,
  byProvider: ReadonlyMap<string, Session>,
): [Part, ...Part[]] {
  const ours = stack.resources.filter(({ type }) => isOurs(type));
  const part = (
    as: Session,
    isPart: (resource: StateResource) => boolean,
    pending: StackState["pending"],
  ): Part => ({
    session: as,
    states: {
      stack: { ...stack, resources: ours.filter(isPart), pending },
      others: [...others, { ...stack, resources: ours.filter((resource) => !isPart(resource)), pending: [] }],
    },
  });
  const loginOf = ({ provider }: StateResource) => byProvider.get(providerIn(provider));
  return [
    part(session, (resource) => loginOf(resource) === undefined, stack.pending),
    ...[...new Set(byProvider.values())].map((login) =>
      part(login, (resource) => loginOf(resource) === login, []),
    ),
  ];
}

/** Adds the `--credentials` option to findings that could not be read because their provider has its own login. */
export function withKnob(
  findings: readonly Finding[],
  stack: StackState,
  byProvider: ReadonlyMap<string, Session>,
): Finding[] {
  const providers = new Map(stack.resources.map(({ urn, provider }) => [urn, providerIn(provider)]));
  return findings.map((finding) => {
    if (finding.class !== "unread") return finding;
    const lacking = [...new Set(finding.resources.map((urn) => providers.get(urn) ?? ""))].filter(
      (urn) => isExplicitProvider(urn) && !byProvider.has(urn),
    );
    const hints = lacking.map(
      (urn) =>
        `its provider ${JSON.stringify(nameIn(urn))} has a login of its own: give it by --credentials ${nameIn(urn)}=FILE`,
    );
    return { ...finding, message: [finding.message, ...hints].join("; ") };
  });
}

/** Moves the resources of explicit providers to `others`, so that they are not compared but still count as declared. */
export const withoutProviders = (states: States): States =>
  onlyThose(states, ({ provider }) => !isExplicitProvider(providerIn(provider)));

/** Moves all resources to `others`, except those of one provider. */
export const onlyProvider = (states: States, urn: string): States =>
  onlyThose(states, ({ provider }) => providerIn(provider) === urn);

const onlyThose = ({ stack, others }: States, isKept: (resource: StateResource) => boolean): States => ({
  stack: { ...stack, resources: stack.resources.filter(isKept) },
  others: [
    ...others,
    { ...stack, resources: stack.resources.filter((resource) => !isKept(resource)), pending: [] },
  ],
});

/** The URNs of the explicit providers that have resources. */
export const usedProviders = (stack: StackState): string[] =>
  explicitProviders(stack).filter((urn) =>
    stack.resources.some(({ provider }) => providerIn(provider) === urn),
  );
