// Looks for words in what a program left on disk.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which of the words stand anywhere in the bytes of a folder's files. */
export function wordsIn(folder: string, words: string[]): string[] {
  const found = new Set<string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = read(join(entry.parentPath, entry.name))
    for (const word of words) if (bytes.includes(word)) found.add(word)
  }
  return [...found]
}

/** A store that runs replaces its files: what went meanwhile is empty. */
function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
