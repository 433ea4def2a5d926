import { expect, test } from 'vitest'
import { fileOf } from './file'

const file = new Blob(['notes'])
const handedOut = (headers: HeadersInit) => Promise.resolve({ data: file, response: new Response(null, { headers }) })

test('a file has the name that the API gives it', async () => {
  const named = { 'content-disposition': 'attachment; filename="kosu-notes.md"' }
  await expect(fileOf(handedOut(named), 'notes.md')).resolves.toEqual({ file, name: 'kosu-notes.md' })
  await expect(fileOf(handedOut({}), 'notes.md')).resolves.toEqual({ file, name: 'notes.md' })
})

test('what was refused is no file', async () => {
  const refused = Promise.resolve({ error: { code: 'not_found' }, response: new Response(null, { status: 404 }) })
  await expect(fileOf(refused, 'notes.md')).rejects.toMatchObject({ code: 'not_found' })
})
