// JSON Merge Patch (RFC 7396).

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * merge returns target with patch applied and changes neither. Whatever the patch does not
 * name keeps its identity, so that only what changed is drawn again.
 */
export function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged: { [key: string]: Json } = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else
      set(
        merged,
        key,
        merge(
          isObject(target) && Object.prototype.hasOwnProperty.call(target, key) ? target[key] : undefined,
          value,
        ),
      )
  }
  return merged
}

// A plain assignment to "__proto__" would change the prototype instead of adding a key.
function set(object: { [key: string]: Json }, key: string, value: Json) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
