import { compareAccess, type AccessChange } from "../../access/changes.js";
import { effectiveAccess, keyOf, placesByName, type Place } from "../../access/effective.js";
import { externalTo } from "../../access/members.js";
import { nameIn, stackOf } from "../../provider/stack/urns.js";
import { shown, typeOf, type Plan } from "../guard/plan.js";
import type { Judgement, Renaming } from "../guard/judge.js";
import { exitCodes } from "../findings/verdict.js";
import { accountChanges, type AccountChange } from "./accountChanges.js";
import type { Present } from "./cloud.js";
import { keyChanges, type KeyChange } from "./keyChanges.js";
import { People } from "./people.js";
import { projectChanges, type ProjectChange } from "./projectChanges.js";
import { simulate, type Refusal, type Simulation } from "./simulation.js";

/** What can make the exit code 2. */
export const riskNames = ["lockout", "admin", "external", "broadening", "key"] as const;

/**
 * - `lockout`: somebody is locked out, and `allowLockout` does not allow it
 * - `admin`: a member gets the administration of a project or an organization
 * - `external`: a person of another mail domain gets access or more of it
 * - `broadening`: a member gets access, a broader role or a later end
 * - `key`: a key is made, rotated or deleted
 */
export type Risk = (typeof riskNames)[number];

export interface ReviewedChange extends AccessChange {
  /** Whether a person of another mail domain gets more than before. */
  readonly isExternal: boolean;
}

/** What a preview would change for people and systems. */
export interface Review {
  readonly project: string;
  readonly stack: string;
  /** The most dangerous first. */
  readonly changes: readonly ReviewedChange[];
  readonly projects: readonly ProjectChange[];
  readonly accounts: readonly AccountChange[];
  readonly keys: readonly KeyChange[];
  readonly lists: Simulation["lists"];
  readonly refusals: readonly Refusal[];
  readonly judgement: Judgement;
  /** What could not be read, so that the preview alone tells. */
  readonly unread: readonly string[];
  /** Whether the present state comes from the cloud. Otherwise it comes from the preview. */
  readonly isFromCloud: boolean;
  readonly counts: Readonly<Record<Risk, number>>;
  readonly failOn: readonly Risk[];
  readonly exitCode: 0 | 2 | 3;
  /** Finds display names. */
  readonly placeNamed: (name: string) => Place;
}

interface Question {
  readonly plan: Plan;
  readonly renaming: Renaming;
  readonly judgement: Judgement;
  readonly present: Present;
  readonly isFromCloud: boolean;
  readonly asOf: Date;
  /** The company's own mail domains. Without any, nobody counts as external. */
  readonly domains: readonly string[];
  readonly failOn: readonly Risk[];
}

/** Works out the review of a plan. It asks nobody: `present` is what was read before. */
export function reviewOf(question: Question): Review {
  const { plan, renaming, judgement, present, asOf, domains, failOn } = question;
  const memberships = [...present.read.values(), present.elsewhere].flat();
  const people = new People(plan.all, renaming.accountOf, memberships);
  const { before, after, lists, refusals, undecided } = simulate({ renaming, people, ...present, asOf });
  const places = [...present.places, ...newProjects(plan)];
  const isExternal = domains.length === 0 ? () => false : externalTo(domains);
  const changes = compareAccess(
    effectiveAccess({ ...before, places }),
    effectiveAccess({ ...after, places }),
  ).map((change) => ({ ...change, isExternal: change.isBroadening && isExternal(change.member.email) }));
  const keys = keyChanges(renaming.moved, renaming.accountOf, asOf);
  const counts = {
    lockout: judgement.lockouts.filter(({ isAllowed }) => !isAllowed).length,
    admin: changes.filter(({ isAdmin }) => isAdmin).length,
    external: changes.filter((change) => change.isExternal).length,
    broadening: changes.filter(({ isBroadening }) => isBroadening).length,
    key: keys.length,
  };
  const isUnknown = judgement.unread.length > 0 && failOn.includes("lockout");
  const [stack = "", project = ""] = stackOf(plan.all[0]?.urn ?? "").split("::");
  return {
    ...{ project, stack, lists, refusals, judgement, keys, counts, failOn },
    changes: [...changes].sort((a, b) => rank(a) - rank(b) || compareTexts(sortKey(a), sortKey(b))),
    projects: projectChanges(renaming.moved),
    accounts: accountChanges(renaming.moved, people, changes),
    unread: [
      ...present.unread,
      ...undecided.map(
        (urn) =>
          `whether ${JSON.stringify(nameIn(urn))} still names the same member: this preview does not show which account the member comes from. Pass the output of \`pulumi preview --json\` without streaming`,
      ),
    ],
    isFromCloud: question.isFromCloud,
    exitCode: failOn.some((risk) => counts[risk] > 0)
      ? exitCodes.drift
      : isUnknown
        ? exitCodes.incomplete
        : exitCodes.clean,
    placeNamed: placesByName(places),
  };
}

/** The projects that the plan creates. Their resources stand for them until they have an API name. */
const newProjects = ({ steps }: Plan): Place[] =>
  steps.flatMap((step) => {
    const { urn, newState } = step;
    if (typeOf(step) !== "Project" || newState === undefined) return [];
    const displayName = shown(newState.inputs.displayName) ?? "";
    return [{ name: newState.id || urn, displayName, organization: "", labels: {} }];
  });

/** Administration first, then access for outsiders, then other broadening, then what somebody loses. */
const rank = ({ isAdmin, isExternal, isBroadening, change }: ReviewedChange): number =>
  isAdmin ? 0 : isExternal ? 1 : isBroadening ? 2 : change === "gone" ? 3 : 4;

const sortKey = ({ member, place }: AccessChange): string => `${place.name} ${keyOf(member)}`;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
