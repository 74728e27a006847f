const REFERENCE = /^(?:([a-z]{1,63}):)?(?:([a-z0-9][-a-z0-9_.]{0,62})\/)?([a-z0-9][-a-z0-9_.]{0,62})$/;

/**
 * A Backstage entity reference in full and in lower case, as Backstage compares them: `payments`, `default/payments` and
 * `Group:default/Payments` are `group:default/payments`.
 *
 * @param kind the kind where the text names none
 * @param namespace the namespace where the text names none
 * @returns undefined for what is no reference
 */
export function fullReference(text: string, kind: string, namespace = "default"): string | undefined {
  const [, givenKind = kind, givenNamespace = namespace, name] = REFERENCE.exec(text.trim().toLowerCase()) ?? [];
  return name === undefined ? undefined : `${givenKind}:${givenNamespace}/${name}`;
}
