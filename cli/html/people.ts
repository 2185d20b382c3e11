import { groupBy } from "../../provider/api/gathering/groupBy.js";
import { canGrant } from "../../access/roles.js";
import { rankOf as rankOfRole } from "../../provider/api/text/roles.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { idOf } from "../../provider/api/text/resourceNames.js";
import { isOld, isSoon } from "../access/ending.js";
import type { AccessRecord, RecordedAccess, RecordedKey } from "../access/record.js";
import { accessFindings, type Standing } from "../access/standing.js";
import { rankOf, severityOf } from "../findings/severity.js";
import type { Finding } from "../findings/finding.js";
import { nameIn } from "../../provider/stack/urns.js";
import { titleOf, type Column } from "./groups.js";
import { keyRemarks, remarkOf, remarksOf, shortRole, sides } from "./wording.js";

/** A row of the page: a person or a service account. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly id: string;
  readonly isAccount: boolean;
  /** The remark about the account itself. */
  readonly remark: string;
  /** The names of the filters that this person fits. */
  readonly traits: readonly Trait[];
  /** The rank of the most dangerous finding. */
  readonly rank: number;
  readonly cells: readonly Cell[];
  readonly keys: readonly KeyLine[];
  /** The id of the finding about the account itself. Empty: none. */
  readonly finding: string;
}

/** A filter. Those of a cell are about this access only. */
export const traits = ["danger", "undeclared", "admin", "external", "oldKeys", "soon"] as const;
export type Trait = (typeof traits)[number];

/** How something is marked. */
export type Tone = "danger" | "warning" | "notice" | "accepted" | "quiet" | "";

/** A person's access in a place. */
export interface Cell {
  /** The position of the place among the columns. */
  readonly column: number;
  readonly sides: string;
  readonly remark: string;
  readonly tone: Tone;
  /** The role for the filter: the role in the cloud. Empty: none. */
  readonly role: string;
  /** For sorting: the weakest is 0. */
  readonly strength: number;
  /** The day on which the membership was created. Empty if it is not known. */
  readonly since: string;
  /** The names of the declaring resources. */
  readonly by: string;
  readonly traits: readonly Trait[];
  /** The id of the finding. Empty: none. */
  readonly finding: string;
}

export interface KeyLine {
  readonly id: string;
  /** -1 if it is not known. */
  readonly days: number;
  readonly isOld: boolean;
  readonly text: string;
  readonly tone: Tone;
  readonly finding: string;
}

/** The rows of the page. */
export function peopleOf(record: AccessRecord, columns: readonly Column[]): Person[] {
  const { members, access, keys } = record;
  const cellOf = cells(record, columns);
  const keyLine = keyLines(record);
  const [accessOf, keysOfAccount] = [groupBy(access, memberKey), groupBy(keys, ({ account }) => account)];
  const findingOf = new Map(record.findings.map((finding) => [finding.id, finding]));
  return members.map((member): Person => {
    const own = (accessOf.get(member.id || member.email) ?? []).map(cellOf);
    const lines = (keysOfAccount.get(member.account) ?? []).map(keyLine);
    const itself = findingOf.get(member.account);
    const findings = [itself?.id ?? "", ...[...own, ...lines].map(({ finding }) => finding)].flatMap(
      (id) => findingOf.get(id) ?? [],
    );
    const { displayName, email, id, kind, standing } = member;
    const fits: Record<Trait, boolean> = {
      danger: findings.some((finding) => severityOf(finding) === "danger"),
      undeclared: findings.some((finding) => finding.class === "unmanaged"),
      admin: own.some((cell) => cell.traits.includes("admin")),
      external: member.isExternal === true,
      oldKeys: lines.some(({ isOld: old }) => old),
      soon: own.some((cell) => cell.traits.includes("soon")),
    };
    return {
      ...{ name: printable(displayName) || printable(email) || id, email: printable(email), id },
      isAccount: kind === "serviceAccount",
      remark: [standing === null ? "" : accountRemark(standing), member.isExternal === true ? "external" : ""]
        .filter((text) => text !== "")
        .join(", "),
      traits: traits.filter((trait) => fits[trait]),
      rank: Math.min(99, ...findings.map(rankOf)),
      ...{ cells: own, keys: lines, finding: itself?.id ?? "" },
    };
  });
}

/** A changed cell states both sides. A changed account does not, so it needs a word. */
const accountRemark = (standing: Standing): string =>
  standing === "changed" ? "changed" : remarkOf(standing);

const memberKey = ({ member, email }: RecordedAccess): string => member || email;

/** Makes foreign text safe to show. Most texts of a large report are alike. */
function cleaner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const clean = known.get(text) ?? printable(text);
    known.set(text, clean);
    return clean;
  };
}

function cells({ findings, places, criteria, asOf }: AccessRecord, columns: readonly Column[]) {
  const findingOf = accessFindings(findings);
  const positions = new Map(columns.map(({ name }, index) => [name, index]));
  const titles = new Map(places.map((place) => [place.name, titleOf(place)]));
  const now = new Date(asOf);
  const clean = cleaner();
  return (access: RecordedAccess): Cell => {
    const { member, place, role, since, through, until, standing, resources } = access;
    const finding = findingOf({ ...access, member: { id: member }, place: { name: place } });
    const fits: Record<Trait, boolean> = {
      danger: finding !== undefined && severityOf(finding) === "danger",
      undeclared: standing === "undeclared",
      admin: role.split(",").some(canGrant),
      external: false,
      oldKeys: false,
      soon: role !== "" && isSoon(until, criteria, now),
    };
    return {
      column: positions.get(place) ?? -1,
      sides: clean(sides(access)),
      remark: clean(remarksOf(access, titles.get(through) ?? idOf(through))),
      tone: toneOf(standing, finding),
      role: role === "" ? "" : clean(shortRole(role)),
      strength: role === "" ? 0 : rankOfRole(role) + 2,
      since: since.slice(0, 10),
      by: resources.map((urn) => clean(nameIn(urn) || urn)).join(", "),
      traits: traits.filter((trait) => fits[trait]),
      finding: finding?.id ?? "",
    };
  };
}

function keyLines({ findings, criteria, asOf }: AccessRecord): (key: RecordedKey) => KeyLine {
  const now = new Date(asOf);
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return (key) => ({
    id: idOf(key.name),
    days: key.days ?? -1,
    isOld: isOld(key.createTime, criteria, now),
    text: keyRemarks(key),
    tone: toneOf(key.standing, byId.get(key.name)),
    finding: byId.get(key.name)?.id ?? "",
  });
}

const tones: Readonly<Partial<Record<Standing, Tone>>> = {
  accepted: "accepted",
  missing: "warning",
  unread: "warning",
  undeclared: "danger",
  replaced: "danger",
};

/** What has no finding and is not declared either is shown less prominently. */
const toneOf = (standing: Standing, finding: Finding | undefined): Tone => {
  if (finding !== undefined) return severityOf(finding);
  return standing === "declared" ? "" : (tones[standing] ?? "quiet");
};

/** The lines of the list without scripts. Places with the same access share a line. */
export function linesOf({ cells: own, keys }: Person, columns: readonly Column[]): string[] {
  const alike = groupBy(own, ({ sides: text, remark }) => (remark === "" ? text : `${text} (${remark})`));
  return [
    ...[...alike].map(
      ([text, all]) => `${text}: ${all.map(({ column }) => columns[column]?.title ?? "").join(", ")}`,
    ),
    ...keys.map(({ id, text }) => `key ${id}: ${text}`),
  ];
}
