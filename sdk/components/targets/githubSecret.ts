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
 * A GitHub Actions secret of a repository. It contains the credentials JSON. Needs `gh`, logged in. A workflow gets the
 * new value in its next run.
 */
export const githubSecret = ({ name, repository }: GithubSecretArgs): Target => ({
  deliver: shell`gh secret set ${name} --repo=${repository}`,
  // Succeeds if the secret is already gone.
  delete: shell`gh secret delete ${name} --repo=${repository} || {
  names=$(gh secret list --repo=${repository} --json=name --jq='.[].name') || exit 1
  ! printf '%s\n' "$names" | grep -qxF -- ${name}
}`,
});
