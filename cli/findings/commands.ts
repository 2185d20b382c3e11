import { shellWord } from "../../provider/api/text/shellQuoted.js";
import type { StateOptions } from "../state/source.js";
import type { Commands, Finding } from "./finding.js";

/** The options that a command needs to see the same findings. */
export interface SameFindings extends StateOptions {
  readonly credentials?: readonly string[];
  readonly baseline?: string;
}

/**
 * Adds the commands that deal with a finding. They are complete, except for the reason.
 *
 * @param stack the name of the stack, for a state that came from standard input
 */
export function withCommands(
  findings: readonly Finding[],
  { baseline, credentials = [], ...state }: SameFindings,
  stack: string,
): readonly Finding[] {
  const same = words(stateOptions(state, stack));
  const record = same + words([...credentials.map(option("--credentials")), ["--baseline", baseline]]);
  return findings.map((finding) => {
    const commands = commandsFor(finding, same, record);
    return commands === undefined ? finding : { ...finding, commands };
  });
}

function commandsFor({ class: kind, id }: Finding, same: string, record: string): Commands | undefined {
  const name = shellWord(id);
  switch (kind) {
    case "unmanaged":
      return {
        declare: `pulumi-dt export ${name}${same}`,
        accept: `pulumi-dt record ${name}${record} --reason "..."`,
        remove: `pulumi-dt remove ${name}`,
      };
    case "address-changed":
    case "changed":
    case "expired":
    case "missing":
    case "pending":
    case "replaced":
    case "rotation-due":
    case "self":
    case "unread":
      return undefined;
  }
}

type Option = readonly [name: string, value: string | undefined];

/** The options that select the same state again. */
function stateOptions({ state, stack, cwd, otherState = [] }: StateOptions, name: string): Option[] {
  const isFile = state !== undefined && state !== "-";
  return [
    isFile ? ["--state", state] : ["--stack", stack ?? name],
    ["--cwd", cwd],
    ...otherState.filter((file) => file !== "-").map(option("--other-state")),
  ];
}

const option =
  (name: string) =>
  (value: string): Option => [name, value];

const words = (options: readonly Option[]): string =>
  options.flatMap(([name, value = ""]) => (value === "" ? [] : [` ${name} ${shellWord(value)}`])).join("");
