import { parsePropertyPath, type PropertyPath } from "../provider/contract/propertyPath.js";
import { isObject, type Properties } from "../provider/lifecycle/properties.js";

/**
 * The new inputs, but the old ones at the paths of `ignoreChanges`. The engine does this before it calls a provider,
 * except in a refresh, where it leaves it to a provider that compares by itself.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties_path.go
 */
export function withIgnored(news: Properties, olds: Properties, paths: readonly string[]): Properties {
  if (paths.length === 0) return news;
  const result = structuredClone(news);
  for (const path of paths) reset(parsePropertyPath(path) ?? [], olds, result);
  return result;
}

/** Gives `news` the value that `olds` has at a path. Does nothing if the two have no such place in common. */
function reset([step, ...rest]: PropertyPath, olds: unknown, news: unknown): void {
  if (step === undefined || !isObject(olds) || !isObject(news)) return;
  if (Array.isArray(olds) !== Array.isArray(news)) return;
  const keys = step === "*" ? [...new Set([...Object.keys(olds), ...Object.keys(news)])] : [String(step)];
  for (const key of keys) {
    if (rest.length > 0) reset(rest, olds[key], news[key]);
    else if (!Array.isArray(news)) setOrDelete(news, key, olds);
    else if (key in olds && key in news) news[Number(key)] = olds[key];
  }
}

function setOrDelete(news: Properties, key: string, olds: Properties): void {
  if (key in olds) news[key] = olds[key];
  else Reflect.deleteProperty(news, key);
}
