import * as pulumi from "@pulumi/pulumi";
import { perRun } from "./perRun.js";
import { bareId, canonicalEmail } from "./spelling.js";

/** Something that gives one member access somewhere. */
export interface Grant {
  readonly scope: pulumi.Input<string>;
  readonly member: pulumi.Input<string>;
}

/** Something that says who may be somewhere at all. */
export interface List {
  readonly scope: pulumi.Input<string>;
  readonly members: pulumi.Input<readonly pulumi.Input<string>[]>;
  readonly mode: pulumi.Input<string> | undefined;
  readonly ignore: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
}

interface By<T> {
  readonly resource: pulumi.Resource;
  readonly what: T;
}

const grants = perRun((): By<Grant>[] => []);
const lists = perRun((): By<List>[] => []);

/** A grant has to agree with all lists of the same program, whichever is declared first. Costs nothing where there is none. */
export function declareGrant(resource: pulumi.Resource, what: Grant): void {
  grants().push({ resource, what });
  for (const list of lists()) compare({ resource, what }, list);
}

/** A list has to agree with all grants of the same program. */
export function declareList(resource: pulumi.Resource, what: List): void {
  lists().push({ resource, what });
  for (const grant of grants()) compare(grant, { resource, what });
}

/** Says where a list would remove, again and again, whom a binding of the same program adds. What is not known yet says nothing. */
function compare(grant: By<Grant>, list: By<List>): void {
  pulumi
    .all([pulumi.output(grant.what), pulumi.output(list.what), grant.resource.urn])
    .apply(async ([{ scope, member }, { scope: listed, members, mode, ignore }, urn]) => {
      if (bareId(scope) !== bareId(listed)) return;
      const email = canonicalEmail(member);
      if (members.some((each) => canonicalEmail(each) === email)) return;
      if (ignore !== undefined && (await fits(email, ignore))) return;
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      const said = `${email} gets access to ${scope} by "${name}" in this program, but is not in the list of its members`;
      // Thrown, since an error that is only logged does not end a program.
      if (mode === "enforce")
        throw new pulumi.RunError(`${said}: the two resources would undo each other. Add it to members`);
      await pulumi.log.warn(`${said}, and is reported as undeclared. Add it to members`, list.resource);
    });
}

async function fits(email: string, patterns: readonly string[]): Promise<boolean> {
  const { emailMatcher } = await import("../files/patterns.js");
  return emailMatcher(patterns)(email);
}
