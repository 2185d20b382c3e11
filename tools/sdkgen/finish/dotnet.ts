import { rmSync } from "node:fs";
import { join } from "node:path";
import type { PackageSchema } from "../packageSchema";
import { replaceIn } from "./edit";

/** Makes a NuGet package of the generated code: `dotnet pack`. */
export function dotnetPackage(folder: string, { name, language: { csharp } }: PackageSchema): void {
  const assembly = `${csharp.rootNamespace}.${csharp.namespaces[name] ?? ""}`;
  rmSync(join(folder, "Config/README.md"), { force: true });
  replaceIn(
    join(folder, `${assembly}.csproj`),
    // We have no logo.
    ["<PackageIcon>logo.png</PackageIcon>", "<PackageReadmeFile>README.md</PackageReadmeFile>"],
    [`<None Include="logo.png">`, `<None Include="README.md">`],
  );
}
