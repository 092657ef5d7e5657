// Passkeys, as the server asks for them and the browser answers. What is asked is JSON with bytes in base64url, which
// older browsers do not read or write by themselves.

export interface Asked {
  publicKey: Record<string, unknown>
  ticket: string
}

export interface Answered {
  ticket: string
  credential: unknown
}

/** Whether this browser has passkeys here: never under a bare IP address. */
export function passkeysHere(host = location.hostname): boolean {
  return 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(host)
}

/** Makes a passkey. Nothing when the person turned away, which is no mistake. */
export async function make({ publicKey, ticket }: Asked): Promise<Answered | null> {
  const asked = readAll(publicKey) as unknown as PublicKeyCredentialCreationOptions
  return answer(ticket, () => navigator.credentials.create({ publicKey: asked }))
}

/** Shows a passkey, whichever the person chooses. */
export async function show({ publicKey, ticket }: Asked): Promise<Answered | null> {
  const asked = readAll(publicKey) as unknown as PublicKeyCredentialRequestOptions
  return answer(ticket, () => navigator.credentials.get({ publicKey: asked }))
}

async function answer(ticket: string, ask: () => Promise<Credential | null>): Promise<Answered | null> {
  try {
    const given = (await ask()) as PublicKeyCredential | null
    return given && { ticket, credential: written(given) }
  } catch (error) {
    if (error instanceof DOMException) return null // turned away, timed out, or there already
    throw error
  }
}

/** Members that hold bytes, wherever they stand. */
const BYTES = new Set(['challenge', 'id'])

function readAll(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => readAll(one))
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => [
      key,
      // The relying party's id is a name.
      name === 'rp' ? one : readAll(one, key),
    ])
    return Object.fromEntries(entries)
  }
  return BYTES.has(name) && typeof value === 'string' ? bytes(value) : value
}

function written(credential: PublicKeyCredential) {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse
  const out: Record<string, string> = {}
  for (const part of [
    'clientDataJSON',
    'attestationObject',
    'authenticatorData',
    'signature',
    'userHandle',
  ] as const) {
    const raw = response[part]
    if (raw) out[part] = base64url(raw)
  }
  return { id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response: out }
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
}

export function base64url(raw: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(raw)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}
