/** The parts of Pulumi's package schema that this package uses. */
export interface PackageSpec {
  readonly name: string;
  readonly displayName: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly license: string;
  readonly repository: string;
  readonly publisher: string;
  readonly pluginDownloadURL: string;
  readonly language: Readonly<Record<string, object>>;
  readonly config: { readonly variables: Properties };
  readonly provider: ResourceSpec;
  readonly types: Readonly<Record<string, ObjectSpec & { readonly type: "object" }>>;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}

export interface ResourceSpec {
  readonly description: string;
  readonly inputProperties: Properties;
  readonly requiredInputs: readonly string[];
  readonly properties?: Properties;
  readonly required?: readonly string[];
}

export interface FunctionSpec {
  readonly description: string;
  readonly inputs?: ObjectSpec;
  readonly outputs: ObjectSpec;
}

export interface ObjectSpec {
  readonly description?: string;
  readonly properties: Properties;
  readonly required: readonly string[];
}

export type Properties = Readonly<Record<string, PropertySpec>>;

export type PropertySpec = TypeSpec & {
  readonly description: string;
  readonly default?: string | number | boolean;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
};

export type TypeSpec =
  | { readonly type: "string" | "boolean" | "integer" | "number" }
  | { readonly type: "array"; readonly items: TypeSpec }
  | { readonly type: "object"; readonly additionalProperties: TypeSpec }
  | { readonly oneOf: readonly TypeSpec[] }
  | { readonly $ref: string };
