import type * as pulumi from "@pulumi/pulumi";
import { shell } from "./shell.js";
import type { Target } from "./target.js";

export interface GithubSecretArgs {
  /** The secret's name, such as `DT_CREDENTIALS`. */
  name: pulumi.Input<string>;
  /** `OWNER/REPOSITORY` */
  repository: pulumi.Input<string>;
}

/**
 * A secret of a GitHub repository's Actions, by `gh`, which must be there and logged in. It holds the credentials' JSON. A workflow
 * has the new one from its next run on.
 */
export const githubSecret = ({ name, repository }: GithubSecretArgs): Target => ({
  deliver: shell`gh secret set ${name} --repo=${repository}`,
  // One that is gone already is no failure.
  delete: shell`gh secret delete ${name} --repo=${repository} || {
  names=$(gh secret list --repo=${repository} --json=name --jq='.[].name') || exit 1
  ! printf '%s\n' "$names" | grep -qxF -- ${name}
}`,
});
