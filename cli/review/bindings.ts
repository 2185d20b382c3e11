import { untilOf } from "../access/factsOf.js";
import type { Grant, Member } from "../../access/effective.js";
import { organizationAdmin } from "../../provider/api/text/roles.js";
import { hasEnded } from "../../provider/contract/expiry.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { kindInUrn } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import { shown, typeOf, type State, type Step } from "../guard/plan.js";
import type { People } from "./people.js";

/** A membership that a resource declares, in the state or in the program. */
export interface Binding {
  readonly urn: string;
  readonly member: Member;
  /** The API name, or the URN of the project's resource if the plan creates it. */
  readonly place: string;
  readonly role: string;
  /** When the access ends; RFC 3339. Empty: never. */
  readonly until: string;
  /** Whether the resource grants nothing, because its access has ended. */
  readonly hasEnded: boolean;
}

/** The text for a value that the preview does not show. */
const hidden = "a role that the preview does not show";

export const isBinding = (step: Step): boolean =>
  ["ProjectRoleBinding", "OrgAdminBinding"].includes(typeOf(step) ?? "");

/** Reads the membership that a resource has in the state. */
export function recordedBinding(urn: string, state: State, people: People): Binding {
  return {
    urn,
    member: people.recorded(state),
    place: parentOf(state.id),
    role: roleIn(urn, shown(state.outputs.role) ?? state.inputs.role),
    until: untilOf(shown(state.inputs.expires)),
    hasEnded: state.outputs.expired === true,
  };
}

/** Reads the membership that a resource of the program declares. */
export function declaredBinding(
  { urn, oldState, newState }: Step,
  people: People,
  asOf: Date,
): Binding | undefined {
  if (newState === undefined) return undefined;
  const expires = shown(newState.inputs.expires);
  const { expired, ...outputs } = oldState?.outputs ?? {};
  const recorded = { expires: shown(outputs.expires), expired: expired === true };
  return {
    urn,
    member: people.declared(newState) ?? memberOf(urn),
    place: placeIn(urn, newState, people),
    role: roleIn(urn, newState.inputs.role),
    until: untilOf(expires),
    hasEnded: hasEnded({ expires }, asOf, recorded),
  };
}

/** A member that the preview does not show is named by the resource. */
const memberOf = (resource: string): Member => ({
  id: "",
  email: "",
  displayName: "",
  kind: "person",
  resource,
});

export const grantOf = ({ urn, member, place, role, until }: Binding): Grant => ({
  resource: urn,
  place,
  memberId: member.id,
  emails: member.email === "" ? [] : [member.email],
  account: member.resource,
  role,
  until,
});

const roleIn = (urn: string, role: unknown): string =>
  kindInUrn(urn) === "OrgAdminBinding" ? organizationAdmin : (shown(role) ?? hidden);

function placeIn(urn: string, state: State, people: People): string {
  const input = kindInUrn(urn) === "OrgAdminBinding" ? "organization" : "project";
  return people.place(state, input) ?? `${input} of ${nameIn(urn)}`;
}
