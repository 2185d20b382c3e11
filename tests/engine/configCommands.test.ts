import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readSettings } from "../../provider/session/settings";
import * as cli from "./harness/cli";

jest.setTimeout(180_000);

const repository = join(__dirname, "../..");
const textOf = (path: string): string => readFileSync(join(repository, path), "utf8");
const pages = [
  ...["README.md", "SECURITY.md", "CONTRIBUTING.md", "emulator/README.md"],
  ...readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** A realistic value for each setting, because Pulumi checks the value. */
const values: Readonly<Record<string, string>> = {
  "dt:keyId": "c18rs36olv9021epsv2g",
  "dt:keySecret": "0123456789abcdef0123456789abcdef",
  "dt:email": "c18rs36olv9021epsv2h@c14u9q095l47ccv1o3pg.serviceaccount.d21s.com",
  "dt:apiUrl": "https://api.disruptive-technologies.com/v2",
  "dt:tokenEndpoint": "https://identity.disruptive-technologies.com/oauth2/token",
  "dt:auth": "basic",
  "dt:rateLimit": "25/5",
  "dt:asOf": "2027-01-31T00:00:00Z",
  "dt:allowInsecure": "false",
};

/** The messages about missing settings, in every combination that can occur. */
function messages(): string[] {
  const lacking = Object.keys(values).map((name) => ({
    ...values,
    "dt:apiUrl": "https://api.example/v2",
    [name]: "",
  }));
  return [{}, { "dt:apiUrl": "https://api.example/v2" }, ...lacking].map((config: Record<string, string>) => {
    try {
      readSettings((key) => config[key], {});
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  });
}

/** The words after `pulumi config set`, by the text that contains the command. */
function commands(): [place: string, words: string][] {
  const inText = (place: string, text: string) =>
    [...text.matchAll(/pulumi config set ((?:--[a-z]+ )?[\w:]+ (?:…|[\w:.-]+))/g)].map(
      ([, words = ""]): [string, string] => [place, words],
    );
  const inTable = ["README.md", "docs/settings.md"].flatMap((page) =>
    [...textOf(page).matchAll(/\| `((?:--[a-z]+ )?dt:\w+)` +\|/g)].map(([, words = ""]): [string, string] => [
      `${page}, the table of settings`,
      `${words} …`,
    ]),
  );
  return [
    ...pages.flatMap((page) => inText(relative(".", page), textOf(page))),
    ...messages().flatMap((message) => inText("a message", message)),
    ...inTable,
  ].filter(([, words], index, all) => all.findIndex(([, other]) => other === words) === index);
}

test("Pulumi accepts every `pulumi config set` command that a page or a message contains", async () => {
  const made = await cli.stack({ files: { "index.js": "" } });
  const all = commands();
  const keys = all.map(([, words]) => /dt:\w+/.exec(words)?.[0]);
  for (const key of ["dt:keyId", "dt:keySecret", "dt:email", "dt:tokenEndpoint"]) expect(keys).toContain(key);
  const refused: string[] = [];
  for (const [place, words] of all) {
    const name = words.split(" ").find((word) => !word.startsWith("--")) ?? "";
    const given = words.split(" ").map((word) => (word === "…" ? (values[name] ?? "30") : word));
    const { exitCode, text } = await made.run("config", "set", ...given);
    if (exitCode !== 0) refused.push(`${place}: pulumi config set ${words}: ${text}`);
  }
  expect(refused).toEqual([]);
});
