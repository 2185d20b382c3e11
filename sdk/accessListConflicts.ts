import * as pulumi from "@pulumi/pulumi";
import { oncePerRun } from "./oncePerRun.js";
import { runError } from "./runError.js";
import { bareId, canonicalEmail } from "./spelling.js";

/** A binding: it gives one member access to a project or an organization. */
export interface Binding {
  readonly scope: pulumi.Input<string>;
  readonly member: pulumi.Input<string>;
  /** Whether the access has ended. Leave it out for access without an end: previews do not know this output. */
  readonly expired?: pulumi.Output<boolean | undefined> | undefined;
}

/** The complete list of the members of a project or an organization. */
export interface AccessList {
  readonly scope: pulumi.Input<string>;
  readonly members: pulumi.Input<readonly pulumi.Input<string>[]>;
  readonly mode: pulumi.Input<string> | undefined;
  readonly ignore: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
}

interface By<T> {
  readonly resource: pulumi.Resource;
  readonly what: T;
}

const bindings = oncePerRun((): By<Binding>[] => []);
const lists = oncePerRun((): By<AccessList>[] => []);

/** Compares a binding with the access lists of the same program, in whichever order they are declared. */
export function checkBindingAgainstLists(resource: pulumi.Resource, what: Binding): void {
  bindings().push({ resource, what });
  for (const list of lists()) compare({ resource, what }, list);
}

/** Compares an access list with the bindings of the same program. */
export function checkListAgainstBindings(resource: pulumi.Resource, what: AccessList): void {
  lists().push({ resource, what });
  for (const binding of bindings()) compare(binding, { resource, what });
}

/**
 * Reports a member that a binding adds but the list omits. In `enforce` mode, each run of the list would remove the
 * member again. Skips values that are not known yet, and access that has ended.
 */
function compare(binding: By<Binding>, list: By<AccessList>): void {
  pulumi
    .all([pulumi.output(binding.what), pulumi.output(list.what), binding.resource.urn])
    .apply(async ([{ scope, member, expired }, { scope: listed, members, mode, ignore }, urn]) => {
      if (expired === true || bareId(scope) !== bareId(listed)) return;
      const email = canonicalEmail(member);
      if (members.some((each) => canonicalEmail(each) === email)) return;
      if (ignore !== undefined && (await fits(email, ignore))) return;
      const name = urn.split("::").slice(3).join("::");
      const said = `${email} gets access to ${scope} by "${name}" in this program, but is not in the list of its members`;
      // An error that is only logged doesn't end the program, so this throws.
      if (mode === "enforce")
        throw runError(`${said}: the two resources would undo each other. Add it to members`);
      await pulumi.log.warn(`${said}, and is reported as undeclared. Add it to members`, list.resource);
    });
}

async function fits(email: string, patterns: readonly string[]): Promise<boolean> {
  const { emailMatcher } = await import("../files/patterns.js");
  return emailMatcher(patterns)(email);
}
