import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flag, requiredText } from "../../../provider/contract/inputs";
import { disagreementsOf } from "../../../tools/schema/disagreements";
import type { Definition } from "../../../tools/schema/definitions";
import { readSources } from "../../../tools/schema/sources";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-dt-sdk-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const thing: Definition = {
  check: { name: requiredText, loud: flag, role: () => "constant" },
  onChange: { name: "replace", loud: "update", role: "recreate" },
  outputs: { secret: "secret" },
};

const args = `/** The name. */ name: Input<string>;
/** Whether it is loud. @default false */ loud?: Input<boolean>;`;
const outputs = `declare readonly name: Output<string>;
/** A constant. */ declare readonly role: Output<string>;
/** A secret. */ declare readonly secret: Output<string>;`;

/** What the generator says about a resource of the sdk. The path of the file is left out. */
function disagreements(
  source: { args?: string; outputs?: string; comment?: string },
  definition = thing,
): string[] {
  const { comment = "/** A thing. */" } = source;
  const file = join(folder, "thing.ts");
  writeFileSync(
    file,
    `export interface ThingArgs {\n${source.args ?? args}\n}\n${comment}\nexport class Thing {\n${source.outputs ?? outputs}\n}`,
  );
  return disagreementsOf("Thing", definition, readSources([folder])).map((each) =>
    each.replaceAll(/\S*\/thing\.ts/g, (path) =>
      path === "provider/resources/thing.ts" ? path : "sdk/thing.ts",
    ),
  );
}

test("a resource on which the sdk and the provider agree is fine", () => {
  expect(disagreements({})).toEqual([]);
});

test.each([
  [
    "an input that the sdk lacks",
    disagreements.bind(undefined, {}, { ...thing, check: { ...thing.check, adopt: requiredText } }),
    "sdk/thing.ts: Thing lacks the input adopt, which provider/resources/thing.ts checks: add it to ThingArgs",
  ],
  [
    "an output that the sdk lacks",
    disagreements.bind(undefined, {}, { ...thing, outputs: { ...thing.outputs, email: "plain" } }),
    "sdk/thing.ts: Thing lacks the output email, which provider/resources/thing.ts has: declare it",
  ],
  [
    "an argument that the provider lacks",
    () => disagreements({ args: `${args}\n/** Another. */ adopt?: Input<string>` }),
    "provider/resources/thing.ts: `check` lacks the input adopt, which sdk/thing.ts offers: add it, or remove it from the sdk",
  ],
  [
    "an output that the provider lacks",
    () => disagreements({ outputs: `${outputs}\n/** Another. */ declare readonly email: Output<string>;` }),
    "provider/resources/thing.ts: `outputs` lacks email, which sdk/thing.ts declares: add it, or remove it from the sdk",
  ],
  [
    "an argument that only the provider requires",
    () => disagreements({ args: args.replace("name:", "name?:") }),
    "sdk/thing.ts: the argument name of Thing is optional, but the provider requires it: make it required",
  ],
  [
    "an argument that only the sdk requires",
    () => disagreements({ args: args.replace("loud?:", "loud:") }),
    "sdk/thing.ts: the argument loud of Thing is required, but the provider has a default: make it optional",
  ],
  [
    "another default",
    () => disagreements({ args: args.replace("@default false", "@default true") }),
    "sdk/thing.ts: the argument loud of Thing has the default true, but the provider's is false: correct its @default",
  ],
  [
    "an argument without a comment",
    () => disagreements({ args: args.replace("/** The name. */", "") }),
    "sdk/thing.ts: the argument name of Thing has no comment: write one",
  ],
  [
    "an output without a comment that is not an argument either",
    () => disagreements({ outputs: outputs.replace("/** A secret. */", "") }),
    "sdk/thing.ts: the output secret of Thing has no comment: write one",
  ],
  [
    "a class without a comment",
    () => disagreements({ comment: "" }),
    "sdk/thing.ts: the class Thing has no comment: write one",
  ],
])("%s is an error that names the file to correct", (_what, found, sentence) => {
  expect(found()).toEqual([sentence]);
});
