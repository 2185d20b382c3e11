import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { aliasFor, type Alias, type Steps } from "./alias.js";
import { doorOf, doors, typeInUrn } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import { shown, type Side } from "./plan.js";
import type { Rename, Undecided } from "./renames.js";

/** The guard's report about a rename. */
export interface RenameReport {
  readonly type: string;
  /** The resource's URN in the state. `to` is its URN in the program. */
  readonly from: string;
  readonly to: string;
  readonly outcome: Rename["outcome"];
  /** The rename, in one sentence. */
  readonly message: string;
  /** The resource or component that needs the option. `option` is the option in TypeScript. */
  readonly resource: string;
  readonly option: string;
  /** How to use the option. */
  readonly advice: string;
  /** What `pulumi up` does without the option. */
  readonly without: string;
}

export function reportRename(rename: Rename, all: Steps): RenameReport {
  const { type, from, to, outcome, orFrom } = rename;
  const { urn, option, needsOwnName } = aliasFor(rename, all);
  const [before, after] = [nameIn(from.urn), nameIn(to.urn)].map((name) => JSON.stringify(name));
  const olds = [before, ...orFrom.map((other) => JSON.stringify(nameIn(other.urn)))].join(" or ");
  return {
    type,
    from: from.urn,
    to: to.urn,
    outcome,
    message: needsOwnName
      ? `${type} ${String(after)} gets ${thingOf(rename)}, which ${olds} holds`
      : `${type} ${olds} ${changeOf(rename)}: ${thingOf(rename)}`,
    resource: nameIn(urn),
    option,
    advice: adviceFor({ urn, option, needsOwnName }, rename),
    without: withoutAlias(rename),
  };
}

/** How the resource in the program differs from the one in the state. */
function changeOf({ from, to }: Rename): string {
  const [before, after] = [from.urn, to.urn].map(nameIn);
  const [oldDoor, door] = [from.urn, to.urn].map((urn) => doorOf(typeInUrn(urn)));
  const changes = [
    ...(before === after ? [] : [JSON.stringify(after)]),
    ...(oldDoor === door || door === undefined ? [] : [door.resource]),
  ];
  return changes.length === 0 ? "has another parent now" : `is ${changes.join(", ")} now`;
}

/** The lines to print: the rename, the fix, and what happens without it. */
export const linesOf = ({ message, advice, without }: RenameReport): string[] => [
  message,
  `  ${advice}`,
  `  without it: ${without}`,
];

export function reportUndecided({ type, to, candidates }: Undecided, all: Steps): string {
  const names = candidates.map(({ urn }) => JSON.stringify(nameIn(urn)));
  const some = [...names.slice(0, 3), ...(names.length > 3 ? [`${names.length - 3} more`] : [])].join(" or ");
  const options = candidates.slice(0, 1).map((from) => aliasFor({ from, to }, all).option);
  const example = names.length === 1 ? options.join() : `such as ${options.join()}`;
  return `it can't be told whether ${type} ${JSON.stringify(nameIn(to.urn))} is ${some} under another name, since ${whyUnknown(to)}. If it is a rename: give an alias: ${example}`;
}

function adviceFor({ urn, option, needsOwnName }: Alias, rename: Rename): string {
  const options = `${option}${inYaml(urn, option, rename)}`;
  if (!needsOwnName) return `put into the options of ${JSON.stringify(nameIn(urn))}: ${options}`;
  return `names that count the places of a list move with it: name the resource of ${thingOf(rename)} after that, and put into its options: ${options}`;
}

/** The same option for a YAML program, which may declare a resource of the plugin. An alias in YAML is a URN. */
function inYaml(urn: string, option: string, { from, to }: Rename): string {
  const mayBeYaml = urn === to.urn && doorOf(typeInUrn(urn)) === doors.plugin;
  const alias = JSON.stringify(from.urn);
  return mayBeYaml && !option.includes(alias) ? ` (in YAML: aliases: [${alias}])` : "";
}

/** Describes the renamed resource. */
function thingOf({ type, from: { state } }: Rename): string {
  const { id, inputs, outputs } = state;
  switch (type) {
    case "ProjectRoleBinding":
    case "OrgAdminBinding":
      return `${shown(outputs.email) ?? shown(inputs.member) ?? `member ${idOf(id)}`} in ${parentOf(id)}`;
    case "Project":
      return `project ${id}`;
    case "ServiceAccount":
      return `service account ${id}`;
    case "ServiceAccountKey":
      return `key ${shown(outputs.keyId) ?? idOf(id)} of ${parentOf(id)}`;
    case "KeyRetirement":
      return `the retirement of keys of ${shown(inputs.serviceAccount) ?? parentOf(id)}`;
    default:
      return `the list of members of ${id}`;
  }
}

function withoutAlias(rename: Rename): string {
  const { type, outcome, to } = rename;
  const thing = thingOf(rename);
  switch (outcome) {
    case "refused":
      return type === "Project"
        ? `\`pulumi up\` fails, since ${thing} has this name already`
        : `\`pulumi up\` fails, since ${thing} is a member already`;
    case "renewed":
      return type === "KeyRetirement"
        ? "`pulumi up` counts the overlap from now on; nothing is deleted for that"
        : "`pulumi up` begins to watch the list anew; nobody is removed for that";
    case "lost":
      return lossOf(type, thing);
    case "kept":
      return type === "ServiceAccountKey" && to.state.inputs.secret === undefined
        ? "`pulumi up` takes the key over by adopt and keeps it, but its outputs `secret` and `credentials` are empty until the next rotation"
        : "`pulumi up` takes it over by adopt and keeps it";
  }
}

function lossOf(type: string, thing: string): string {
  switch (type) {
    case "ServiceAccount":
      return `\`pulumi up\` creates another service account, with another email, and deletes ${thing} with its keys and all its access`;
    case "ServiceAccountKey":
      return `\`pulumi up\` creates another key and deletes ${thing}: a system that still uses it is cut off`;
    default:
      return `\`pulumi up\` removes ${thing}, and gives the access to the account that takes its place`;
  }
}

/** Names the relevant inputs that the preview doesn't show. */
function whyUnknown({ state: { inputs } }: Side): string {
  const telling = ["project", "organization", "member", "serviceAccount", "displayName", "adopt"];
  const hidden = telling.filter(
    (name) => typeof inputs[name] === "string" && shown(inputs[name]) === undefined,
  );
  return hidden.length > 0
    ? `its ${hidden.join(" and ")} is a secret, or not known before the update`
    : "the state keeps encrypted what would tell";
}
