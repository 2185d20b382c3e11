import { token } from "./package";

/** A form of the id that an import accepts. */
interface ImportForm {
  /** With a word in capitals in the place of each part that differs. */
  readonly form: string;
  /** What the form is, in words for the user. */
  readonly meaning: string;
}

interface ImportNotes {
  readonly forms: readonly ImportForm[];
  /** An id in the first form. */
  readonly example?: string;
  readonly note?: string;
}

const project = "c15j9p094l47cdv0o3pg";
const organization = "c11humqoss9000pgu53g";
const account = `projects/${project}/serviceaccounts/c15k1vh4ql8c73ek8q9g`;
const listNote =
  "The imported list declares the members that are there at that moment, and its `mode` is `report`.";

/** What the schema says about the import of each kind. provider/resources/importIds.ts reads the ids. */
export const importNotes: Readonly<Record<string, ImportNotes>> = {
  Project: {
    forms: [
      { form: "projects/P", meaning: "the project's API name" },
      { form: "P", meaning: "the project's id" },
      {
        form: "ORGANIZATION/DISPLAY NAME",
        meaning: "the organization's id and the project's display name, if only one project has it",
      },
    ],
    example: `projects/${project}`,
    note: "The import declares the labels and the location that the project has at that moment.",
  },
  ServiceAccount: {
    forms: [
      { form: "projects/P/serviceaccounts/S", meaning: "the account's API name" },
      { form: "EMAIL", meaning: "the account's email" },
    ],
    example: account,
  },
  ServiceAccountKey: {
    forms: [
      { form: "projects/P/serviceaccounts/S/keys/K", meaning: "the key's API name" },
      { form: "EMAIL/K", meaning: "the account's email and the key's id" },
    ],
    example: `${account}/keys/c15k2al4ql8c73ek8qa0`,
    note: "The API shows the secret of a key only when it creates the key. So `secret` and `credentials` of an imported key are empty until its first rotation. If you know the secret, don't import the key: declare it with `adopt` and `secret`.",
  },
  KeyRetirement: {
    forms: [],
    note: "A `KeyRetirement` is not a thing in the cloud, so it can't be imported. Declare it.",
  },
  ProjectRoleBinding: {
    forms: [
      { form: "ID/EMAIL", meaning: "the project's id and the member's email" },
      { form: "projects/ID/members/M", meaning: "the membership's API name" },
    ],
    example: `${project}/jane@example.com`,
  },
  OrgAdminBinding: {
    forms: [
      { form: "ID/EMAIL", meaning: "the organization's id and the member's email" },
      { form: "organizations/ID/members/M", meaning: "the membership's API name" },
    ],
    example: `${organization}/jane@example.com`,
  },
  ProjectAccess: {
    forms: [
      { form: "projects/ID", meaning: "the project's API name" },
      { form: "ID", meaning: "the project's id" },
    ],
    example: `projects/${project}`,
    note: listNote,
  },
  OrganizationAccess: {
    forms: [
      { form: "organizations/ID", meaning: "the organization's API name" },
      { form: "ID", meaning: "the organization's id" },
    ],
    example: `organizations/${organization}`,
    note: listNote,
  },
};

/** @throws Error if nothing is said about the import of a kind */
export function importSection(kind: string): string {
  const notes = importNotes[kind];
  if (notes === undefined)
    throw new Error(`tools/schema/imports.ts: say how to import ${kind}, in importNotes`);
  const { forms, example, note } = notes;
  const list = forms.map(({ form, meaning }) => `- \`${form}\`: ${meaning}`).join("\n");
  return [
    "## Import",
    ...(list === "" ? [] : ["The id has one of these forms:", list]),
    // SDKs of all languages show a block of this language.
    ...(example === undefined ? [] : [`\`\`\`sh\npulumi import ${token(kind)} example ${example}\n\`\`\``]),
    ...(note === undefined ? [] : [note]),
  ].join("\n\n");
}
