import type { Member, Membership } from "../../access/effective.js";
import { isAccountEmail } from "../../access/members.js";
import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf } from "../../provider/api/reads/find.js";
import { kindInUrn } from "../../provider/stack/doors.js";
import { shown, typeOf, type State, type Step } from "../guard/plan.js";
import type { AccountOf } from "../guard/sameThing.js";

/** Finds out who the members are that a plan names. A preview shows some by email, some by id, and some not at all. */
export class People {
  readonly #byId = new Map<string, Member>();
  readonly #byEmail = new Map<string, Member>();
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #accountOf: AccountOf;

  /**
   * @param accountOf finds the account that an input depends on
   * @param memberships what the cloud shows
   */
  constructor(steps: readonly Step[], accountOf: AccountOf, memberships: readonly Membership[]) {
    // A replacement has several steps. One of them has the state after it.
    const ordered = [...steps].sort(
      (a, b) => Number(a.newState !== undefined) - Number(b.newState !== undefined),
    );
    this.#steps = new Map(ordered.map((step) => [step.urn, step]));
    this.#accountOf = accountOf;
    for (const step of steps) for (const state of [step.oldState, step.newState]) this.#learn(step, state);
    for (const { member } of memberships) this.#add(member, [member.email]);
  }

  /** The member of a membership in the state. */
  recorded(state: State): Member {
    const id = memberIdIn(state);
    const [email = ""] = emailsIn(state);
    return this.#byId.get(id) ?? this.#byEmail.get(email) ?? memberWith(id, email);
  }

  /**
   * The member that a resource of the program names.
   *
   * @returns undefined if the preview does not show it
   */
  declared(state: State): Member | undefined {
    const value = shown(state.inputs.member);
    if (value !== undefined) return this.withEmail(value);
    const account = this.#accountOf(state, "member");
    if (account === undefined) return undefined;
    if (account !== "new" && !account.isLost) {
      return this.#byId.get(idOf(account.name)) ?? memberWith(idOf(account.name), account.email);
    }
    const resource = this.#accountBehind(state);
    const { newState } = this.#steps.get(resource) ?? {};
    const displayName = shown(newState?.inputs.displayName) ?? "";
    return { id: "", email: "", displayName, kind: "serviceAccount", resource };
  }

  /**
   * The project or organization that an input names: its API name, or the URN of the resource that will create it.
   *
   * @returns undefined if the preview does not show it
   */
  place({ inputs, propertyDependencies }: State, input: string): string | undefined {
    const name = shown(inputs[input]);
    if (name !== undefined) return name;
    const urn = propertyDependencies[input]?.find((each) => kindInUrn(each) === "Project");
    const step = this.#steps.get(urn ?? "");
    // What a project's resource gives is unknown while the resource changes, but the project stays the same.
    const isOld = step?.oldState !== undefined && ["same", "update", "refresh", "read"].includes(step.op);
    return isOld ? step.oldState?.id : urn;
  }

  withEmail(address: string): Member {
    const email = canonicalEmail(address);
    const known = this.#byEmail.get(email);
    if (known !== undefined) return known;
    const id = isAccountEmail(email) ? email.slice(0, email.indexOf("@")) : "";
    return this.#byId.get(id) ?? memberWith(id, email);
  }

  withId(id: string, email: string): Member {
    return this.#byId.get(id) ?? memberWith(id, canonicalEmail(email));
  }

  /** The URN of the account that the member of a resource comes from, through its key if need be. */
  #accountBehind({ propertyDependencies }: State): string {
    const [urn = ""] = propertyDependencies.member ?? [];
    if (kindInUrn(urn) !== "ServiceAccountKey") return urn;
    const { newState } = this.#steps.get(urn) ?? {};
    return newState?.propertyDependencies.serviceAccount?.[0] ?? urn;
  }

  #learn(step: Step, state: State | undefined): void {
    const type = typeOf(step);
    if (state === undefined || state.id === "") return;
    if (type === "ServiceAccount") {
      const email = canonicalEmail(shown(state.outputs.email) ?? "");
      const displayName = shown(state.inputs.displayName) ?? "";
      this.#add({ id: idOf(state.id), email, displayName, kind: "serviceAccount" }, [email]);
    }
    if (type === "ProjectRoleBinding" || type === "OrgAdminBinding") {
      const emails = emailsIn(state);
      const displayName = shown(state.outputs.displayName) ?? "";
      // The address that the membership last had names the person. The declared one may be older.
      const email = canonicalEmail(shown(state.outputs.email) ?? emails[0] ?? "");
      this.#add({ ...memberWith(memberIdIn(state), email), displayName }, emails);
    }
  }

  #add(member: Member, emails: readonly string[]): void {
    const known = this.#byId.get(member.id);
    const whole = { ...member, displayName: member.displayName || (known?.displayName ?? "") };
    if (member.id !== "") this.#byId.set(member.id, whole);
    for (const email of emails) if (email !== "") this.#byEmail.set(email, whole);
  }
}

/** The member's id. Empty if the access was never granted. */
function memberIdIn({ id, outputs }: State): string {
  const recorded = shown(outputs.memberId) ?? idOf(id);
  return recorded.includes("@") ? "" : recorded;
}

/** The emails of a membership, in canonical spelling: the declared one first. */
const emailsIn = ({ inputs, outputs }: State): string[] => [
  ...new Set(
    [inputs.member, outputs.member, outputs.email].flatMap((address) => {
      const text = shown(address);
      return text === undefined || text === "" ? [] : [canonicalEmail(text)];
    }),
  ),
];

const memberWith = (id: string, email: string): Member => ({
  id,
  email,
  displayName: "",
  kind: isAccountEmail(email) ? "serviceAccount" : "person",
});
