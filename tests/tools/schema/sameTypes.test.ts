import type * as pulumi from "@pulumi/pulumi";
import type { Resource } from "../../../provider/contract/resource";
import type { Name } from "../../../provider/session/settingTable";
import { resources } from "../../../provider/resources/all";
import type * as dt from "../../../sdk";

// The schema takes its types from the sdk, and the provider has types of its own. The compiler compares them here.

interface Sdk {
  Project: [dt.ProjectArgs, dt.Project];
  ServiceAccount: [dt.ServiceAccountArgs, dt.ServiceAccount];
  ServiceAccountKey: [dt.ServiceAccountKeyArgs, dt.ServiceAccountKey];
  KeyRetirement: [dt.KeyRetirementArgs, dt.KeyRetirement];
  ProjectRoleBinding: [dt.ProjectRoleBindingArgs, dt.ProjectRoleBinding];
  OrgAdminBinding: [dt.OrgAdminBindingArgs, dt.OrgAdminBinding];
  ProjectAccess: [dt.ProjectAccessArgs, dt.ProjectAccess];
  OrganizationAccess: [dt.OrganizationAccessArgs, dt.OrganizationAccess];
}

type Kind = keyof typeof resources;
type Definition<K extends Kind> =
  (typeof resources)[K] extends Resource<infer Inputs, infer Outputs> ? [Inputs, Outputs] : never;

/** The value of a property without what the two sides write differently: optional, an input, flags, `readonly`. */
type Plain<T> = Widened<NonNullable<pulumi.Unwrap<T>>>;
type Widened<T> = [T] extends [boolean]
  ? boolean
  : T extends readonly (infer Item)[]
    ? readonly Item[]
    : Exclude<T, Internal>;
/** Only the sdk itself passes this word. */
type Internal = "atOnce";

type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The names in `Ours` whose type differs from the one in `Theirs`. */
type Differing<Ours, Theirs> = {
  [Name in keyof Ours]-?: Name extends keyof Theirs
    ? IsSame<Plain<Ours[Name]>, Plain<Theirs[Name]>> extends true
      ? never
      : Name
    : Name;
}[keyof Ours];

/** The outputs of a class. `id` and `urn` are Pulumi's own. */
type OutputsOf<Class> = Omit<
  { [Name in keyof Class as Class[Name] extends pulumi.Output<unknown> ? Name : never]: Class[Name] },
  "id" | "urn"
>;

/** The arguments, inputs and outputs of a kind on which the sdk and the provider do not agree. */
type Disagreements<K extends Kind> =
  | Differing<Sdk[K][0], Definition<K>[0]>
  | Differing<OutputsOf<Sdk[K][1]>, Omit<Definition<K>[0], keyof Definition<K>[1]> & Definition<K>[1]>
  // A program can't set a constant input, so it is an output.
  | Exclude<keyof Definition<K>[0], keyof Sdk[K][0] | keyof OutputsOf<Sdk[K][1]>>;

/** Does not compile if there is a disagreement: then a property is missing. */
const agreed: { readonly [K in Kind]: Readonly<Record<Disagreements<K>, never>> } = {
  Project: {},
  ServiceAccount: {},
  ServiceAccountKey: {},
  KeyRetirement: {},
  ProjectRoleBinding: {},
  OrgAdminBinding: {},
  ProjectAccess: {},
  OrganizationAccess: {},
};

/** The arguments of the sdk's provider that are not settings, or are not text. */
type Unsettled = {
  [Argument in keyof dt.ProviderArgs]-?: Argument extends Name
    ? Plain<dt.ProviderArgs[Argument]> extends string
      ? never
      : Argument
    : Argument;
}[keyof dt.ProviderArgs];
const agreedSettings: [Unsettled] extends [never] ? "agreed" : Unsettled = "agreed";

test("the compiler has compared the types of all resources and of the provider", () => {
  expect(new Set(Object.keys(agreed))).toEqual(new Set(Object.keys(resources)));
  expect(agreedSettings).toBe("agreed");
});
