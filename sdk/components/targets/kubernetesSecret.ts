import * as pulumi from "@pulumi/pulumi";
import { shell } from "./shell.js";
import type { Target } from "./target.js";

export interface KubernetesSecretArgs {
  /** The secret's name. */
  name: pulumi.Input<string>;
  /** @default `default` */
  namespace?: pulumi.Input<string>;
  /** The entry that holds the credentials' JSON; the file's name where the secret is mounted. @default `credentials.json` */
  key?: pulumi.Input<string>;
  /** Which cluster, by its context in the kubeconfig. */
  context: pulumi.Input<string>;
}

/**
 * A secret in a Kubernetes cluster, by `kubectl`, which must be there with rights to it. Pods that mount it see a new key within the
 * kubelet's sync period, a minute or so; those that have it as environment variables, when they are started again.
 */
export const kubernetesSecret = ({
  name,
  namespace = "default",
  key = "credentials.json",
  context,
}: KubernetesSecretArgs): Target => ({
  // Applied by the server: the client would leave a copy in an annotation.
  deliver: shell`set -eu
secret=$(kubectl create secret generic ${name} --namespace=${namespace} --from-file=${key}=/dev/stdin --dry-run=client --output=yaml)
printf '%s\n' "$secret" | kubectl --context=${context} apply --server-side --force-conflicts --filename=-`,
  // Another text is another delivery's, such as that of a resource under a new name.
  delete: shell`set -eu
present=$(kubectl --context=${context} get secret ${name} --namespace=${namespace} --ignore-not-found --output=go-template=${entryOf(key)} 2>/dev/null || true)
delivered=$(cat)
if [ -n "$delivered" ] && [ -n "$present" ] && [ "$present" != "$delivered" ]; then
  echo "kept the secret "${name}": it does not hold what this resource delivered, so another one has written it since" >&2
  exit 0
fi
kubectl --context=${context} delete secret ${name} --namespace=${namespace} --ignore-not-found`,
});

/** A template that prints an entry of a secret; nothing where there is no such entry. */
const entryOf = (key: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi
    .output(key)
    .apply((entry) => `{{with index .data ${JSON.stringify(entry)}}}{{. | base64decode}}{{end}}`);
