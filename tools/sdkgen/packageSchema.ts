/** The facts of Pulumi's package schema that the finished SDKs repeat. */
export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly homepage: string;
  readonly repository: string;
  readonly language: {
    readonly nodejs: { readonly packageName: string };
    readonly python: { readonly packageName: string };
    readonly go: { readonly importBasePath: string };
    readonly csharp: {
      readonly rootNamespace: string;
      readonly namespaces: Readonly<Record<string, string>>;
    };
  };
}
