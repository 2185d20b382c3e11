import { token } from "./package";

/** A form of the id that an import accepts. */
export interface ImportForm {
  /** With a placeholder in capitals for each part. */
  readonly form: string;
  /** What the form is, in words for the user. */
  readonly meaning: string;
}

interface ImportNotes {
  /** The first form is the one in the command. */
  readonly forms: readonly ImportForm[];
  readonly note?: string;
}

/** An example of each placeholder in a form. */
export const placeholders: Readonly<Record<string, string>> = {
  ORGANIZATION: "c11humqoss9000pgu53g",
  PROJECT: "c15j9p094l47cdv0o3pg",
  ACCOUNT: "c15k1vh4ql8c73ek8q9g",
  KEY: "c15k2al4ql8c73ek8qa0",
  MEMBER: "9226",
  "ACCOUNT-EMAIL": "c15k1vh4ql8c73ek8q9g@c15j9p094l47cdv0o3pg.serviceaccount.d21s.com",
  EMAIL: "jane@example.com",
};

const list = {
  note: "The imported list declares the members that are there at that moment, and its `mode` is `report`.",
};

/** What each kind says about import. The provider's functions for this are in provider/resources/importIds.ts. */
export const importNotes: Readonly<Record<string, ImportNotes>> = {
  ServiceAccount: {
    forms: [
      { form: "projects/PROJECT/serviceaccounts/ACCOUNT", meaning: "the API name" },
      { form: "ACCOUNT-EMAIL", meaning: "the account's email" },
    ],
  },
  ServiceAccountKey: {
    forms: [
      { form: "projects/PROJECT/serviceaccounts/ACCOUNT/keys/KEY", meaning: "the API name" },
      { form: "ACCOUNT-EMAIL/KEY", meaning: "the account's email and the key's id" },
    ],
    note: "The API shows the secret of a key only when it creates the key. So `secret` and `credentials` of an imported key are empty until its first rotation. If you know the secret, don't import the key: declare it with `adopt` and `secret`.",
  },
  KeyRetirement: {
    forms: [],
    note: "A `KeyRetirement` is not a thing in the cloud, so it can't be imported. Declare it.",
  },
  ProjectRoleBinding: {
    forms: [
      { form: "PROJECT/EMAIL", meaning: "the project's id and the member's email" },
      { form: "projects/PROJECT/members/MEMBER", meaning: "the API name" },
    ],
  },
  OrgAdminBinding: {
    forms: [
      { form: "ORGANIZATION/EMAIL", meaning: "the organization's id and the member's email" },
      { form: "organizations/ORGANIZATION/members/MEMBER", meaning: "the API name" },
    ],
  },
  ProjectAccess: {
    forms: [
      { form: "projects/PROJECT", meaning: "the project's API name" },
      { form: "PROJECT", meaning: "the project's id" },
    ],
    ...list,
  },
  OrganizationAccess: {
    forms: [
      { form: "organizations/ORGANIZATION", meaning: "the organization's API name" },
      { form: "ORGANIZATION", meaning: "the organization's id" },
    ],
    ...list,
  },
};

/** @throws Error if a kind says nothing about import */
export function importSection(kind: string): string {
  const notes = importNotes[kind];
  if (notes === undefined)
    throw new Error(`tools/schema/imports.ts: say how to import ${kind}, in importNotes`);
  const { forms, note } = notes;
  const [first] = forms;
  return [
    "## Import",
    ...(first === undefined
      ? []
      : ["The id has one of these forms:", forms.map(item).join("\n"), command(kind, first)]),
    ...(note === undefined ? [] : [note]),
  ].join("\n\n");
}

const item = ({ form, meaning }: ImportForm): string => `- \`${form}\`: ${meaning}`;

const command = (kind: string, { form }: ImportForm): string =>
  `\`\`\`sh\npulumi import ${token(kind)} example ${exampleOf(form)}\n\`\`\``;

/** The form with an example in the place of each placeholder. */
export const exampleOf = (form: string): string =>
  form.replaceAll(/[A-Z]+(?:-[A-Z]+)*/g, (placeholder) => placeholders[placeholder] ?? placeholder);
