import { resources } from "../../../provider/resources/all";
import { sessionFor, type Session } from "../../../provider/session/session";
import { importNotes } from "../../../tools/schema/imports";
import { buildSchema } from "../../../tools/schema/schema";
import { failureOf, startWorld } from "../../provider/world";

type Kind = keyof typeof resources;
const importable = (Object.keys(resources) as Kind[]).filter((kind) => kind !== "KeyRetirement");

/** A thing of a kind in the cloud: its API name, and the words that stand for the parts of an id. */
interface Thing {
  readonly name: string;
  readonly words: Readonly<Record<string, string>>;
}

let session: Session;
let things: Readonly<Record<string, Thing>>;

beforeAll(async () => {
  const world = await startWorld();
  const settings: Readonly<Record<string, string>> = world.settingsOf();
  session = await sessionFor((key) => settings[key]);
  const { cloud, organization } = world;
  const [project] = world.projects;
  const { name, email } = cloud.accounts.create({ project });
  const account = { P: idIn(project), S: idIn(name), EMAIL: email };
  const key = cloud.keys.create({ account: name });
  const memberOf = (scope: string): Thing => {
    const member = cloud.members.create({ scope, email: "jane@example.com", roles: ["roles/any"] });
    return { name: member.name, words: { ID: idIn(scope), M: idIn(member.name), EMAIL: "Jane@example.com" } };
  };
  const { name: client } = cloud.projects.create({ organization, displayName: "Client B / Oslo" });
  things = {
    Project: {
      name: client,
      words: { P: idIn(client), ORGANIZATION: idIn(organization), DISPLAY: "Client", NAME: "B / Oslo" },
    },
    ServiceAccount: { name, words: account },
    ServiceAccountKey: { name: key.name, words: { ...account, K: idIn(key.name) } },
    ProjectRoleBinding: memberOf(project),
    OrgAdminBinding: memberOf(organization),
    ProjectAccess: { name: project, words: { ID: idIn(project) } },
    OrganizationAccess: { name: organization, words: { ID: idIn(organization) } },
  };
});

const idIn = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

test.each(importable)("every form of an id of %s that the schema shows finds the thing", async (kind) => {
  const { name, words } = things[kind]!;
  const { forms } = importNotes[kind]!;
  expect(forms.length).toBeGreaterThan(1);
  for (const { form } of forms) {
    const id = form.replaceAll(/[A-Z]+/g, (word) => words[word] ?? word);
    expect(await resources[kind].resolveId(id, session)).toBe(name);
  }
});

test.each(importable)("the example of an id of %s has the first form", (kind) => {
  const { forms, example = "" } = importNotes[kind]!;
  const shape = forms[0]!.form.replaceAll(/[A-Z]+/g, (word) =>
    word === "EMAIL" ? "\\S+@\\S+" : "[a-z0-9]+",
  );
  expect(example).toMatch(new RegExp(`^${shape}$`));
  expect(buildSchema().resources[`disruptive:index:${kind}`]!.description).toContain(
    `pulumi import disruptive:index:${kind} example ${example}\n`,
  );
});

test.each(importable)(
  "an id of %s in another form is refused with the forms that the schema shows",
  async (kind) => {
    const failure = await failureOf((async () => resources[kind].resolveId("ERP / production", session))());
    for (const { form } of importNotes[kind]!.forms) expect(failure.message).toContain(`\`${form}\``);
  },
);

test("a KeyRetirement can't be imported, and the schema says so", () => {
  expect(() => resources.KeyRetirement.resolveId("projects/p", session)).toThrow("can't be imported");
  expect(importNotes["KeyRetirement"]!.note).toContain("can't be imported");
});
