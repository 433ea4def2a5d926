import { describe, expect, test } from 'vitest'
import { markdownBlocks, type Inline } from './markdown'

const text = (value: string): Inline => ({ kind: 'text', text: value })
const paragraph = (...inlines: Inline[]) => ({ kind: 'paragraph', text: inlines })

describe('blocks', () => {
  test('headings, paragraphs and rules', () => {
    expect(markdownBlocks('# One #\ntwo\nlines\n\nand more\n***\n')).toEqual([
      { kind: 'heading', level: 1, text: [text('One')] },
      paragraph(text('two\nlines')),
      paragraph(text('and more')),
      { kind: 'rule' },
    ])
  })

  test('lists, also within one another', () => {
    expect(markdownBlocks('- a\n  - b\n- c\n\n3. d\n4. e')).toEqual([
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [
          [paragraph(text('a')), { kind: 'list', ordered: false, start: 1, items: [[paragraph(text('b'))]] }],
          [paragraph(text('c'))],
        ],
      },
      { kind: 'list', ordered: true, start: 3, items: [[paragraph(text('d'))], [paragraph(text('e'))]] },
    ])
  })

  test('quotes', () => {
    expect(markdownBlocks('> a\n> b\nc')).toEqual([
      { kind: 'quote', blocks: [paragraph(text('a\nb'))] },
      paragraph(text('c')),
    ])
  })

  test('code, as it is, and to the end where its fence is missing', () => {
    expect(markdownBlocks('```py\nif *x*:\n    y\n```\n~~~\n# z')).toEqual([
      { kind: 'code', text: 'if *x*:\n    y' },
      { kind: 'code', text: '# z' },
    ])
  })

  test('any depth ends', () => {
    expect(JSON.stringify(markdownBlocks('>'.repeat(5000) + ' a')).length).toBeLessThan(10_000)
    expect(JSON.stringify(markdownBlocks('- '.repeat(5000) + ' a')).length).toBeLessThan(20_000)
  })
})

describe('inlines', () => {
  const inlines = (source: string) =>
    markdownBlocks(source).flatMap((block) => (block.kind === 'paragraph' ? block.text : []))

  test.each<[string, Inline[]]>([
    [
      '**a** *b* `c*d*`',
      [
        { kind: 'strong', text: [text('a')] },
        text(' '),
        { kind: 'em', text: [text('b')] },
        text(' '),
        { kind: 'code', text: 'c*d*' },
      ],
    ],
    ['snake_case_name and_that_', [text('snake_case_name and_that_')]],
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['\\*a\\*', [text('*'), text('a'), text('*')]],
    ['a  \nb', [text('a'), { kind: 'break' }, text('b')]],
    ['[Kosu](https://kosu.test/a)', [{ kind: 'link', href: 'https://kosu.test/a', text: [text('Kosu')] }]],
    [
      'see https://kosu.test/a.',
      [text('see '), { kind: 'link', href: 'https://kosu.test/a', text: [text('https://kosu.test/a')] }, text('.')],
    ],
  ])('%s', (source, expected) => {
    expect(inlines(source)).toEqual(expected)
  })

  test.each(['javascript:alert`1`', 'JavaScript:x', 'data:text/html,x', '//evil.test', 'vbscript:x'])(
    'a link to %s is none',
    (href) => {
      expect(inlines(`[x](${href})`).some((inline) => inline.kind === 'link')).toBe(false)
    },
  )

  test.each(['*', '`', '**a', '[a](', '_'])(
    '20,000 characters of %s are read at once',
    (piece) => {
      expect(inlines('x' + piece.repeat(20_000 / piece.length)).length).toBeGreaterThan(0)
    },
    5000,
  )

  test('HTML is text', () => {
    expect(inlines('<script>alert(1)</script>')).toEqual([text('<script>alert(1)</script>')])
  })
})
