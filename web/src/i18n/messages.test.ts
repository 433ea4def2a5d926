import { describe, expect, test } from 'vitest'
import { written as messages, type Namespace } from './messages'

type Tree = { [key: string]: string | Tree }

const paths = (tree: Tree, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : paths(value, `${prefix}${key}.`),
  )
const texts = (tree: Tree): [string, string][] =>
  paths(tree).map((path) => [
    path,
    path.split('.').reduce<Tree | string>((at, key) => (at as Tree)[key]!, tree) as string,
  ])
// What stands in braces after a plural's case is text.
const place = /(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{(\w+)\s*[,}]/g
const places = (text: string) => [...new Set([...text.matchAll(place)].map((match) => match[1]))].sort()

describe.each(Object.keys(messages.en) as Namespace[])('%s', (namespace) => {
  const [en, ko] = [messages.en[namespace] as Tree, messages.ko[namespace] as Tree]

  test('says the same things in both languages', () => {
    expect(paths(ko).sort()).toEqual(paths(en).sort())
  })

  test('fills the same places', () => {
    const inKorean = new Map(texts(ko))
    for (const [path, text] of texts(en)) expect([path, places(inKorean.get(path)!)]).toEqual([path, places(text)])
  })

  test('is not English where it should be Korean', () => {
    const same = texts(ko).filter(([, text]) => /[A-Za-z]{4}/.test(text) && !/[가-힣]/.test(text))
    // Names stay as they are.
    expect(same.filter(([, text]) => !/^(Kosu|English|.*@.*|.*\.(test|com).*|Markdown|WebVTT)$/.test(text))).toEqual([])
  })
})
