import { join } from "node:path";
import { rmSync } from "node:fs";
import type { PackageSchema } from "../packageSchema";
import { replaceIn } from "./edit";

/** Makes a package of the generated code: `pip install FOLDER` or `pip wheel FOLDER`. */
export function pythonPackage(folder: string, { license, language: { python } }: PackageSchema): void {
  // The README belongs beside pyproject.toml, which names it.
  rmSync(join(folder, python.packageName, "README.md"));
  replaceIn(
    join(folder, "pyproject.toml"),
    // The way since setuptools 77; the older one is deprecated.
    [`  [project.license]\n    text = "${license}"\n`, ""],
    [
      `  readme = "README.md"\n`,
      `  license = "${license}"\n  license-files = ["LICENSE"]\n  readme = "README.md"\n`,
    ],
    [`"setuptools>=61.0"`, `"setuptools>=77.0.3"`],
  );
}
