import { PINNED_VERSION } from "../../tools/pulumi-cli/version";
import { pythonWith } from "../../tools/setup/venv";

/**
 * A Python with Pulumi's SDK and the other packages that a generated SDK needs, or why there is none. `make`
 * prepares it outside jest, so this file imports nothing that needs jest.
 */
export const pulumiPython = () =>
  pythonWith("python-pulumi", `pulumi==${PINNED_VERSION}`, "parver", "semver", "setuptools");
