import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { doors, packageName } from "../../provider/stack/doors.js";

export const token = (name: string): string => `${doors.plugin.types}${name}`;

/** The facts about the package. Version, description, license and homepage are those of the npm package. */
export function packageFacts() {
  const { version, description, license, homepage } = JSON.parse(
    readFileSync(resolve(__dirname, "../../package.json"), "utf8"),
  ) as Readonly<Record<"version" | "description" | "license" | "homepage", string>>;
  return {
    name: packageName,
    displayName: "Disruptive Technologies",
    version,
    description,
    keywords: ["pulumi", packageName, "disruptive-technologies", "iam", "category/cloud", "kind/native"],
    homepage,
    license,
    repository: "https://github.com/pulumi-dt/pulumi-dt",
    publisher: "pulumi-dt",
    pluginDownloadURL: "github://api.github.com/pulumi-dt/pulumi-dt",
  };
}

/** How the SDKs are named. */
export const languages = {
  nodejs: { packageName: "pulumi-disruptive", respectSchemaVersion: true },
  python: {
    packageName: "pulumi_disruptive",
    respectSchemaVersion: true,
    pyproject: { enabled: true },
    inputTypes: "classes-and-dicts",
  },
  go: {
    importBasePath: "github.com/pulumi-dt/pulumi-dt/sdk/go/disruptive",
    rootPackageName: packageName,
    respectSchemaVersion: true,
    generateResourceContainerTypes: true,
  },
  csharp: {
    // NuGet reserves the prefix `Pulumi.` for Pulumi's own packages.
    rootNamespace: "PulumiDt",
    namespaces: { [packageName]: "Disruptive" },
    packageReferences: { Pulumi: "3.*" },
    respectSchemaVersion: true,
  },
  java: { basePackage: "io.github.pulumidt", buildFiles: "gradle" },
};
