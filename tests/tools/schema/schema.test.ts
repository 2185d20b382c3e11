import Ajv from "ajv/dist/2020";
import { known } from "../../../provider/session/settingTable";
import { definitions } from "../../../tools/schema/definitions";
import { buildSchema } from "../../../tools/schema/schema";
import type { Properties, PropertySpec } from "../../../tools/schema/spec";
import metaschema from "./metaschema.json";

const schema = buildSchema();
const { resources, functions, types, provider, config } = schema;

test("Pulumi's metaschema accepts the schema", () => {
  const ajv = new Ajv({ strict: false });
  expect(ajv.validate(metaschema, schema) ? [] : ajv.errors).toEqual([]);
});

test("two runs give the same text", () => {
  expect(JSON.stringify(buildSchema())).toBe(JSON.stringify(schema));
});

/** These names are in the states and programs of users. A name that is here once must stay. */
test("the tokens and the names in answers are the ones that users have", () => {
  expect(Object.keys(resources)).toEqual([
    "disruptive:index:Project",
    "disruptive:index:ServiceAccount",
    "disruptive:index:ServiceAccountKey",
    "disruptive:index:KeyRetirement",
    "disruptive:index:ProjectRoleBinding",
    "disruptive:index:OrgAdminBinding",
    "disruptive:index:ProjectAccess",
    "disruptive:index:OrganizationAccess",
  ]);
  expect(
    Object.entries(functions).map(([token, { outputs }]) => [token, ...Object.keys(outputs.properties)]),
  ).toEqual([
    ["disruptive:index:getMembers", "members"],
    ["disruptive:index:getOrganizations", "organizations"],
    [
      "disruptive:index:getProject",
      ...["name", "displayName", "organization", "organizationDisplayName", "inventory", "labels"],
    ],
    ["disruptive:index:getProjects", "projects"],
    ["disruptive:index:getRoles", "roles"],
    ["disruptive:index:getServiceAccount", "name", "email", "displayName", "enableBasicAuth", "createTime"],
    ["disruptive:index:whoAmI", "email", "serviceAccount", "keyId", "auth", "apiUrl", "organizations"],
  ]);
  expect(Object.keys(types)).toEqual([
    "disruptive:index:MemberInfo",
    "disruptive:index:OrganizationInfo",
    "disruptive:index:ProjectInfo",
    "disruptive:index:RoleInfo",
    "disruptive:index:ProjectLocation",
  ]);
});

describe.each(Object.entries(definitions))("%s", (kind, { check, onChange, outputs }) => {
  const { inputProperties, requiredInputs, properties = {} } = resources[`disruptive:index:${kind}`]!;
  const names = [...Object.keys(inputProperties), ...Object.keys(properties)];

  test("has the provider's inputs and outputs, and no others", () => {
    const theirs = new Set([...Object.keys(check), ...Object.keys(outputs)]);
    expect(new Set(names)).toEqual(theirs);
  });

  test("marks the provider's secrets, as inputs and as outputs", () => {
    const secrets = Object.keys(outputs).filter((name) => outputs[name] === "secret");
    const marked = (all: Properties) => Object.keys(all).filter((name) => all[name]?.secret === true);
    expect(new Set([...marked(properties), ...marked(inputProperties)])).toEqual(new Set(secrets));
  });

  test("requires an input if the provider does, and gives the provider's default for any other", () => {
    const optional = Object.entries(inputProperties).filter(([name]) => !requiredInputs.includes(name));
    for (const [name, property] of optional)
      expect(check[name]!(property.default)).toEqual(check[name]!(undefined));
    const lacking = requiredInputs.filter((name) => {
      try {
        return check[name]!(undefined) !== "";
      } catch {
        return false;
      }
    });
    expect(lacking).toEqual([]);
  });

  test("says which changes replace it", () => {
    const replacing = Object.keys(inputProperties).filter(
      (name) => inputProperties[name]!.willReplaceOnChanges === true,
    );
    expect(replacing).toEqual(
      Object.keys(inputProperties).filter((name) => ["replace", "recreate"].includes(onChange[name]!)),
    );
  });
});

test("the settings are those of the provider, and only the key's secret is a secret", () => {
  for (const settings of [config.variables, provider.inputProperties]) {
    expect(Object.keys(settings)).toEqual(Object.keys(known));
    expect(Object.keys(settings).filter((name) => settings[name]!.secret)).toEqual(["keySecret"]);
  }
  expect(provider.requiredInputs).toEqual(["keyId", "keySecret"]);
});

test("no SDK copies the environment into the state", () => {
  expect(JSON.stringify(schema)).not.toContain("defaultInfo");
});

test("a setting's description names its environment variables, except where they don't count", () => {
  expect(config.variables["keyId"]!.description).toBe(
    "The id of the service account key to log in with. The environment variable `DT_API_KEY_ID` or `DT_SERVICE_ACCOUNT_KEY_ID` overrides it.",
  );
  expect(provider.inputProperties["keyId"]!.description).toBe(
    "The id of the service account key to log in with.",
  );
  expect(provider.inputProperties["rateLimit"]!.description).toContain("`DT_RATE_LIMIT`");
});

const described: [place: string, properties: Properties][] = [
  ["config", config.variables],
  ["provider", provider.inputProperties],
];
for (const [token, { properties }] of Object.entries(types)) described.push([token, properties]);
for (const [token, { inputProperties, properties = {} }] of Object.entries(resources))
  described.push([`${token}'s inputs`, inputProperties], [`${token}'s outputs`, properties]);
for (const [token, { inputs, outputs }] of Object.entries(functions))
  described.push(
    [`${token}'s arguments`, inputs?.properties ?? {}],
    [`${token}'s answer`, outputs.properties],
  );

test.each(described)(
  "every property of %s has a description that ends like a sentence",
  (_place, properties) => {
    const texts = Object.values(properties).map(({ description }: PropertySpec) => description);
    expect(texts.filter((text) => !/^[A-Z0-9`].*\.$/s.test(text))).toEqual([]);
  },
);

test("no description is for readers of TypeScript only", () => {
  const texts = [
    ...described.flatMap(([, properties]) => Object.values(properties).map(({ description }) => description)),
    ...[provider, ...Object.values(resources), ...Object.values(functions)].map(
      ({ description }) => description,
    ),
  ].map((text) => text.replaceAll(/^```[^]*?^```$/gm, ""));
  const foreign =
    /\bdt\.|\bnew \w+\(|keyIdIn|DeliveredKey|TypeScript|\bundefined\b|RunError|\{ provider \}|\bclass\b|@\w+ /;
  expect(texts.filter((text) => foreign.test(text))).toEqual([]);
});
