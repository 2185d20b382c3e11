import * as pulumi from "@pulumi/pulumi";
import { shell } from "./shell.js";
import type { Target } from "./target.js";

export interface KubernetesSecretArgs {
  /** The secret's name. */
  name: pulumi.Input<string>;
  /** The secret's namespace. @default `default` */
  namespace?: pulumi.Input<string>;
  /**
   * The entry that contains the credentials JSON. If a pod mounts the secret, this is the file name.
   * @default `credentials.json`
   */
  key?: pulumi.Input<string>;
  /** The cluster's context in the kubeconfig. */
  context: pulumi.Input<string>;
}

/**
 * A secret in a Kubernetes cluster. Needs `kubectl` with access to it. Pods that mount the secret see a new key within
 * the kubelet's sync period, about a minute. Pods that use it in environment variables see it after a restart.
 */
export const kubernetesSecret = ({
  name,
  namespace = "default",
  key = "credentials.json",
  context,
}: KubernetesSecretArgs): Target => ({
  // Server-side, because a client-side apply leaves a copy of the secret in an annotation.
  deliver: shell`set -eu
secret=$(kubectl create secret generic ${name} --namespace=${namespace} --from-file=${key}=/dev/stdin --dry-run=client --output=yaml)
printf '%s\n' "$secret" | kubectl --context=${context} apply --server-side --force-conflicts --filename=-`,
  // A different content belongs to another delivery, such as the delivery of a resource with a new name.
  delete: shell`set -eu
present=$(kubectl --context=${context} get secret ${name} --namespace=${namespace} --ignore-not-found --output=go-template=${entryOf(key)} 2>/dev/null || true)
delivered=$(cat)
if [ -n "$delivered" ] && [ -n "$present" ] && [ "$present" != "$delivered" ]; then
  echo "kept the secret "${name}": it does not hold what this resource delivered, so another one has written it since" >&2
  exit 0
fi
kubectl --context=${context} delete secret ${name} --namespace=${namespace} --ignore-not-found`,
});

/** A template that prints an entry of a secret, or nothing if there is no such entry. */
const entryOf = (key: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi
    .output(key)
    .apply((entry) => `{{with index .data ${JSON.stringify(entry)}}}{{. | base64decode}}{{end}}`);
