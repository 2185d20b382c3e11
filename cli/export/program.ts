import { emailOf } from "../../provider/api/text/email.js";
import { printable, escapedJson } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { KeyBody } from "../../provider/api/bodies/serviceAccounts.js";
import type { Place } from "./places.js";
import type { SelectedAccount, SelectedPart, Selection } from "./selection.js";

/**
 * Writes a TypeScript program with resources that adopt everything selected, without a change, and protect it from
 * deletion.
 *
 * @param npmPackage the package with the resources' classes
 */
export function programOf({ accounts, keys, members }: Selection, npmPackage: string): string {
  const bindings = members.map((member) => ({ place: member.place, text: bindingText(member) }));
  const scopes = [...new Set(bindings.map(({ place }) => place))];
  // A key's project is not in the program.
  const places = [...new Set([...accounts, ...members].map(({ place }) => place))];
  const blocks = [
    block("Projects and organizations", places.sort(byName).map(placeText)),
    block("Service accounts", accounts.map(accountText)),
    block("Their keys; the secrets are not known here", keys.map(keyText)),
    ...scopes.map((scope) =>
      block(
        `Members of ${titled(scope)}`,
        bindings.filter(({ place }) => place === scope).map(({ text }) => text),
      ),
    ),
  ];
  const imports = `import * as dt from ${quoted(npmPackage)};\n`;
  return [`${head}${imports}`, ...blocks.filter((text) => text !== "")].join("\n");
}

const block = (title: string, texts: readonly string[]): string =>
  texts.length === 0 ? "" : `// ${title}\n${texts.join("")}`;

const head = `// Every resource here is protected, as after \`pulumi import\`: neither \`pulumi destroy\` nor a resource that you take out of
// this program removes access that was there before. Pulumi refuses such a deletion until you take the protection off:
//   - to let Pulumi delete the thing: take out \`protect: true\`, run \`pulumi up\`, then take out the resource;
//   - to leave the thing in the cloud and no longer manage it: put \`retainOnDelete: true\` in place of \`protect: true\`,
//     run \`pulumi up\`, then take out the resource.
`;

const byName = (a: Place, b: Place): number => (a.name < b.name ? -1 : 1);

const titled = ({ name, title }: Place): string =>
  printable(title.trim() === "" ? name : `${title} (${name})`);

const placeText = (place: Place): string =>
  `const ${place.variable} = ${quoted(idOf(place.name))}; // ${titled(place)}\n`;

function accountText({ body, as, variable, place }: SelectedAccount): string {
  const { displayName, email, enableBasicAuth } = body;
  return `const ${variable} = ${resource("ServiceAccount", as, {
    project: place.variable,
    displayName: quoted(displayName),
    ...(enableBasicAuth ? { enableBasicAuth: "true" } : {}),
    adopt: quoted(email),
  })}`;
}

const keyText = ({ body: { name }, as, variable }: SelectedPart<KeyBody>): string =>
  resource("ServiceAccountKey", as, {
    serviceAccount: variable === undefined ? quoted(parentOf(name)) : `${variable}.id`,
    adopt: quoted(idOf(name)),
  });

function bindingText({ body, as, variable, place }: SelectedPart<MemberBody>): string {
  const member = variable === undefined ? quoted(emailOf(body)) : `${variable}.email`;
  if (place.name.startsWith("organizations/"))
    return resource("OrgAdminBinding", as, { organization: place.variable, member, adopt: "true" });
  const role = quoted((body.roles[0] ?? "").replace(/^roles\//, ""));
  return resource("ProjectRoleBinding", as, { project: place.variable, member, role, adopt: "true" });
}

const resource = (type: string, name: string, args: Readonly<Record<string, string>>): string =>
  `new dt.${type}(${quoted(name)}, {\n${Object.entries(args)
    .map(([key, value]) => `  ${key}: ${value},\n`)
    .join("")}}, { protect: true });\n`;

/** A TypeScript string literal. Invisible characters, and characters that change the order of the text, are escaped. */
const quoted = (text: string): string => escapedJson(JSON.stringify(text));
