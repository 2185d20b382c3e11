import { emailOf } from "../../provider/api/text/email.js";
import { printable, escapedJson } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import type { Inventory } from "../cloud/inventory.js";
import { itemsOf } from "../findings/unmanaged.js";
import { Names } from "./names.js";

/** A program, and the access that it can't declare. */
export interface Program {
  /** The TypeScript source. */
  readonly text: string;
  /** One line for each thing that is left out, with the reason. */
  readonly leftOut: readonly string[];
}

/** Writes resources that adopt everything that is wanted, without a change, and protect it from deletion. */
export function programOf(
  inventory: Inventory,
  outside: readonly MemberBody[],
  isWanted: (name: string) => boolean,
  isDeclared: (name: string) => boolean,
): Program {
  const names = new Names();
  const leftOut: string[] = [];
  const variables = new Map<string, string>();
  const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
    items.filter(({ name }) => isWanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));

  const accounts = byName(itemsOf(inventory.accounts)).flatMap((account) => {
    if (account.displayName.trim() === "") {
      leftOut.push(`${account.name}: it has no display name, and a declared account needs one`);
      return [];
    }
    const name = names.unique(account.displayName);
    const variable = names.variable(name);
    variables.set(account.name, variable);
    return [accountText(account, name, variable)];
  });

  const keys = byName(itemsOf(inventory.keys)).map(({ name }) => {
    const account = parentOf(name);
    const variable = variables.get(account);
    return resource("ServiceAccountKey", names.unique(variable ?? idOf(account), "key", idOf(name)), {
      serviceAccount: variable === undefined ? quoted(account) : `${variable}.id`,
      adopt: quoted(idOf(name)),
    });
  });

  const emails = new Map(itemsOf(inventory.accounts).map((account) => [emailOf(account), account.name]));
  const members = [...itemsOf(inventory.members), ...outside];
  const declared = new Set(members.filter(({ name }) => isDeclared(name)).map(grantOf));
  const bindings = byName(members).flatMap((member) => {
    const problem = declared.has(grantOf(member))
      ? "another member there has the same address in another spelling, and a program declares an address once"
      : problemOf(member);
    if (problem !== undefined) {
      leftOut.push(`${member.name} (${printable(member.email)}): ${problem}`);
      return [];
    }
    declared.add(grantOf(member));
    const variable = variables.get(emails.get(emailOf(member)) ?? "");
    return [{ parent: parentOf(member.name), text: bindingText(member, names, variable) }];
  });

  const scopes = [...new Set(bindings.map(({ parent }) => parent))].sort();
  const blocks = [
    block("Service accounts", accounts),
    block("Their keys; the secrets are not known here", keys),
    ...scopes.map((scope) =>
      block(
        `Members of ${printable(scope)}`,
        bindings.filter(({ parent }) => parent === scope).map(({ text }) => text),
      ),
    ),
  ];
  return { text: [head, ...blocks.filter((text) => text !== "")].join("\n"), leftOut };
}

/** Identifies a grant. A program can declare each grant only once. */
const grantOf = (member: MemberBody): string => `${parentOf(member.name)} ${emailOf(member)}`;

const block = (title: string, texts: readonly string[]): string =>
  texts.length === 0 ? "" : `// ${title}\n${texts.join("")}`;

const head = `// Every resource here is protected, as after \`pulumi import\`: neither \`pulumi destroy\` nor a resource that you take out of
// this program removes access that was there before. Pulumi refuses such a deletion until you take the protection off:
//   - to let Pulumi delete the thing: take out \`protect: true\`, run \`pulumi up\`, then take out the resource;
//   - to leave the thing in the cloud and no longer manage it: put \`retainOnDelete: true\` in place of \`protect: true\`,
//     run \`pulumi up\`, then take out the resource.
import * as dt from "pulumi-dt";
`;

const accountText = (
  { name, displayName, email, enableBasicAuth }: ServiceAccountBody,
  as: string,
  variable: string,
) =>
  `const ${variable} = ${resource("ServiceAccount", as, {
    project: quoted(idOf(parentOf(name))),
    displayName: quoted(displayName),
    ...(enableBasicAuth ? { enableBasicAuth: "true" } : {}),
    adopt: quoted(email),
  })}`;

function bindingText(body: MemberBody, names: Names, variable: string | undefined): string {
  const { name, roles } = body;
  const scope = parentOf(name);
  const member = variable === undefined ? quoted(emailOf(body)) : `${variable}.email`;
  const as = names.unique(variable ?? emailOf(body), "in", idOf(scope));
  if (scope.startsWith("organizations/"))
    return resource("OrgAdminBinding", as, { organization: quoted(idOf(scope)), member, adopt: "true" });
  const role = quoted((roles[0] ?? "").replace(/^roles\//, ""));
  return resource("ProjectRoleBinding", as, { project: quoted(idOf(scope)), member, role, adopt: "true" });
}

/** Why a membership can't be declared without a change. */
function problemOf({ name, roles }: MemberBody): string | undefined {
  if (roles.length !== 1) return `it has ${roles.length} roles, and a declared one has one`;
  if (name.startsWith("organizations/") && roles[0] !== "roles/organization.admin")
    return `its role is ${String(roles[0])}, and only administrators are declared`;
  return undefined;
}

const resource = (type: string, name: string, args: Readonly<Record<string, string>>): string =>
  `new dt.${type}(${quoted(name)}, {\n${Object.entries(args)
    .map(([key, value]) => `  ${key}: ${value},\n`)
    .join("")}}, { protect: true });\n`;

/** A TypeScript string literal. Invisible characters, and characters that change the order of the text, are escaped. */
const quoted = (text: string): string => escapedJson(JSON.stringify(text));
