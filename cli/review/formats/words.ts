import type { Member, Place } from "../../../access/effective.js";
import { organizationAdmin } from "../../../provider/api/text/roles.js";
import { printable } from "../../../provider/api/text/foreignText.js";
import { kindInUrn } from "../../../provider/stack/doors.js";
import { nameIn } from "../../../provider/stack/urns.js";
import type { AccountChange } from "../accountChanges.js";
import type { KeyChange } from "../keyChanges.js";
import type { Review, ReviewedChange } from "../review.js";
import type { Refusal } from "../simulation.js";

/** A part of a review, as a table. All formats for people show the same parts. */
export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether it deserves attention before all others. */
  readonly isDangerous: boolean;
}

/** The parts of a review that have content, the most dangerous first. The texts are printable. */
export function sectionsOf(review: Review): Section[] {
  const { changes, keys, projects, accounts, lists, judgement, refusals } = review;
  const { lockouts, warnings, unread, renames } = judgement;
  const sections: Section[] = [
    {
      title: "Lock-outs",
      head: ["resource", "what happens"],
      rows: lockouts.map(({ urn, message, isAllowed }) => [
        quoted(urn),
        `${message}${isAllowed ? " (allowLockout allows it)" : ""}`,
      ]),
      isDangerous: true,
    },
    {
      title: "Access",
      head: ["change", "who", "where", "role", "resource"],
      rows: changes.map((change) => accessRow(change, review)),
      isDangerous: changes.some(({ isBroadening }) => isBroadening),
    },
    {
      title: "Removed by lists of members",
      head: ["list", "where", "who"],
      rows: lists.map(({ urn, place, members }) => [
        quoted(urn),
        placeText(review.placeNamed(place)),
        members.map(memberText).join(", "),
      ]),
      isDangerous: true,
    },
    {
      title: "Projects",
      head: ["change", "project", "organization", "resource"],
      rows: projects.map(({ change, project, displayName, organization, resource }) => [
        change,
        project === "" ? displayName : placeText({ ...review.placeNamed(project), displayName }),
        organization === "" ? "" : placeText(review.placeNamed(organization)),
        quoted(resource),
      ]),
      isDangerous: projects.some(({ change }) => change === "deleted"),
    },
    {
      title: "Service accounts",
      head: ["change", "account", "where", "it could reach", "resource"],
      rows: accounts.map((change) => accountRow(change, review)),
      isDangerous: accounts.some(({ change }) => change === "deleted" || change === "basic-auth-on"),
    },
    {
      title: "Keys",
      head: ["change", "account", "key", "why", "resource"],
      rows: keys.map((change) => keyRow(change, review)),
      isDangerous: keys.some(({ change }) => change === "deleted"),
    },
    {
      title: "The update will refuse",
      head: ["resource", "why"],
      rows: refusals.map((refusal) => refusalRow(refusal, review)),
      isDangerous: true,
    },
    {
      title: "Renames without an alias",
      head: ["resource", "without an alias"],
      rows: renames.map(({ message, without }) => [message, without]),
      isDangerous: renames.some(({ outcome }) => outcome === "lost"),
    },
    {
      title: "To know",
      head: ["what"],
      rows: [...warnings, ...unread, ...review.unread].map((text) => [text]),
      isDangerous: false,
    },
  ];
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(withoutEmptyColumns)
    .map(({ rows, ...section }) => ({ ...section, rows: rows.map((row) => row.map(printable)) }));
}

function withoutEmptyColumns({ head, rows, ...section }: Section): Section {
  const isUsed = (_: string, column: number): boolean => rows.some((row) => row[column] !== "");
  return { ...section, head: head.filter(isUsed), rows: rows.map((row) => row.filter(isUsed)) };
}

/** The stack, such as `access/prod`. A preview without a resource does not name it. */
export const stackOf = ({ project, stack }: Review): string =>
  project === "" ? "a preview without resources" : printable(`${project}/${stack}`);

/** One sentence: how many gain and lose access, and what else changes. */
export function summaryOf({ changes, keys, projects, accounts, judgement, counts }: Review): string {
  const gains = changes.filter(({ isBroadening }) => isBroadening).length;
  const losses = changes.filter(({ change }) => change === "gone").length;
  const rest = changes.length - gains - losses;
  const allowed = judgement.lockouts.length - counts.lockout;
  const parts = [
    many(counts.lockout, "lock-out"),
    allowed === 0 ? "" : `${many(allowed, "lock-out")} allowed`,
    gains === 0 ? "" : `${gains} ${gains === 1 ? "gets" : "get"} new or broader access`,
    counts.admin === 0 ? "" : `${counts.admin} of them as administrator`,
    counts.external === 0 ? "" : `${counts.external} of them for people of other mail domains`,
    losses === 0 ? "" : `${losses} ${losses === 1 ? "loses" : "lose"} access`,
    rest === 0 ? "" : `${rest} ${rest === 1 ? "gets" : "get"} less`,
    ...counted("project", projects),
    ...counted("service account", accounts),
    many(keys.length, "key change"),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "no access changes" : parts.join(", ");
}

/** Such as `2 projects created`. */
const counted = (noun: string, all: readonly { readonly change: string }[]): string[] =>
  ["created", "deleted"].map((what) => {
    const count = all.filter(({ change }) => change === what).length;
    return count === 0 ? "" : `${many(count, noun)} ${what}`;
  });

const many = (count: number, noun: string): string =>
  count === 0 ? "" : `${count} ${count === 1 ? noun : `${noun}s`}`;

function accessRow(change: ReviewedChange, { placeNamed }: Review): string[] {
  const { member, place, before, after, until, untilBefore, resources } = change;
  const end = until === "" ? "" : `, ${untilText(until)}`;
  const roles =
    before === after
      ? `${roleText(after)}: ${untilText(untilBefore)} → ${untilText(until)}`
      : `${roleText(before)} → ${roleText(after)}${end}`;
  const where = placeNamed(place.name);
  return [marksOf(change), memberText(member), placeText(where), roles, resources.map(quoted).join(", ")];
}

/** The change, with an arrow that says whether it gives more or less, and what makes it dangerous. */
const marksOf = ({ change, isBroadening, isAdmin, isExternal }: ReviewedChange): string =>
  [`${isBroadening ? more : less} ${change}`, isAdmin ? "admin" : "", isExternal ? "external" : ""]
    .filter((mark) => mark !== "")
    .join(", ");

/** The arrows before changes that give more and less. */
export const more = "▲";
const less = "▼";

const untilText = (time: string): string => (time === "" ? "without an end" : `until ${lastMoment(time)}`);

/** The last day of access that ends at midnight, in UTC. Otherwise the time. */
function lastMoment(time: string): string {
  const end = new Date(time);
  return time.endsWith("T00:00:00.000Z")
    ? new Date(end.getTime() - 1).toISOString().slice(0, 10)
    : time.replace(/:00\.000Z$/, "Z");
}

function accountRow(
  { change, account, email, displayName, project, reached, resource }: AccountChange,
  { placeNamed }: Review,
): string[] {
  const name = [displayName === "" ? "" : displayName, email === "" ? "" : `<${email}>`].filter(Boolean);
  const places = Object.entries(reached).map(
    ([place, role]) => `${placeText(placeNamed(place))}: ${roleText(role)}`,
  );
  return [
    change.replaceAll("-", " "),
    name.join(" ") || account || quoted(resource),
    project === "" ? "" : placeText(placeNamed(project)),
    places.join("; ") || (change === "deleted" ? "nothing that is known" : ""),
    quoted(resource),
  ];
}

const keyRow = ({ change, account, keyId, why, resource }: KeyChange, review: Review): string[] => [
  change,
  accountText(account, review),
  keyId || (change === "made" ? "a new one" : ""),
  why,
  quoted(resource),
];

/** An account by its name in the plan, or by its API name. */
function accountText(account: string, { accounts, changes }: Review): string {
  if (account.startsWith("urn:")) return `the account of ${quoted(account)}`;
  const id = account.split("/").at(-1);
  const known =
    accounts.find((each) => each.account === account) ??
    changes.find(({ member }) => member.id !== "" && member.id === id)?.member;
  return known === undefined || known.displayName === "" ? account : `${known.displayName} (${account})`;
}

function refusalRow({ urn, place, member, why, role }: Refusal, { placeNamed }: Review): string[] {
  const [who, where] = [memberText(member), placeText(placeNamed(place))];
  const text =
    why === "member"
      ? `${who} is a member of ${where} already, as ${roleText(role)}: give the resource an alias if it is renamed, or \`adopt: true\``
      : `${who} is no longer a member of ${where}: run \`pulumi refresh\``;
  return [quoted(urn), text];
}

function memberText({ id, email, displayName, kind, resource = "" }: Member): string {
  if (resource !== "") {
    return kindInUrn(resource) === "ServiceAccount"
      ? `${displayName === "" ? "" : `${displayName}, `}the new account of ${quoted(resource)}`
      : `the member of ${quoted(resource)}, which the preview does not show`;
  }
  const address = email === "" ? `member ${id}` : email;
  const name = displayName === "" || displayName === email ? address : `${displayName} <${address}>`;
  return kind === "serviceAccount" ? `${name} (service account)` : name;
}

const placeText = ({ name, displayName }: Place): string =>
  name.startsWith("urn:")
    ? `${displayName === "" ? "" : `${displayName}, `}the new project of ${quoted(name)}`
    : displayName === ""
      ? name
      : `${displayName} (${name})`;

/** A role without its prefix. Empty is "no access". */
function roleText(role: string): string {
  if (role === "") return "no access";
  if (role === organizationAdmin) return "organization administrator";
  return role.replace(/^roles\/(project\.)?/, "");
}

/** A resource by its name in the program. */
const quoted = (urn: string): string => JSON.stringify(nameIn(urn) || urn);
