/**
 * The markdown that instructors and learners write, read into plain data: what is shown is built from it as elements,
 * so nothing that was written is ever taken as HTML.
 *
 * A part of CommonMark: headings, paragraphs, lists, quotes, fenced code, rules; emphasis, code and links.
 */
export type Block =
  | { kind: 'heading'; level: number; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' }
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; text: Inline[] }
  | { kind: 'link'; href: string; text: Inline[] }
  | { kind: 'break' }

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+)(?=\S)/
// Quotes and lists within one another: deeper than that nobody writes but to make a page hang.
const DEEPEST = 8

export function markdownBlocks(source: string): Block[] {
  return blocksOf(source.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), 0)
}

function blocksOf(lines: string[], depth: number): Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', text: inlinesOf(paragraph.join('\n')) })
    paragraph = []
  }
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)?.[1]
    const heading = HEADING.exec(line)
    if (fence !== undefined) {
      endParagraph()
      const end = lines.findIndex((each, number) => number > at && each.trim().startsWith(fence))
      const last = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(at + 1, last).join('\n') })
      at = last + 1
    } else if (heading) {
      endParagraph()
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: inlinesOf(heading[2] ?? '') })
      at += 1
    } else if (RULE.test(line)) {
      endParagraph()
      blocks.push({ kind: 'rule' })
      at += 1
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      endParagraph()
      const end = endOf(lines, at, (each) => QUOTE.test(each))
      const quoted = lines.slice(at, end).map((each) => each.replace(QUOTE, ''))
      blocks.push({ kind: 'quote', blocks: blocksOf(quoted, depth + 1) })
      at = end
    } else if (ITEM.test(line) && depth < DEEPEST) {
      endParagraph()
      const [list, end] = listAt(lines, at, depth)
      blocks.push(list)
      at = end
    } else {
      if (line.trim()) paragraph.push(line.trimStart())
      else endParagraph()
      at += 1
    }
  }
  endParagraph()
  return blocks
}

function listAt(lines: string[], start: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[start] ?? '')?.[2] ?? '-'
  const sort = first.at(-1)
  const items: Block[][] = []
  let at = start
  for (;;) {
    const marker = ITEM.exec(lines[at] ?? '')
    if (!marker || marker[2]?.at(-1) !== sort) break
    const indent = marker[0].length
    const within = (line: string) =>
      line.trim() === '' || indentOf(line) >= Math.min(indent, 2 + (marker[1]?.length ?? 0))
    const end = endOf(lines, at + 1, within)
    const item = [(lines[at] ?? '').slice(indent), ...lines.slice(at + 1, end).map((line) => outdented(line, indent))]
    items.push(blocksOf(item, depth + 1))
    at = end
  }
  const ordered = /^\d/.test(first)
  return [{ kind: 'list', ordered, start: ordered ? Number.parseInt(first, 10) : 1, items }, at]
}

function endOf(lines: string[], start: number, within: (line: string) => boolean): number {
  const end = lines.findIndex((line, number) => number >= start && !within(line))
  return end < 0 ? lines.length : end
}

const indentOf = (line: string) => line.length - line.trimStart().length
const outdented = (line: string, by: number) => line.slice(Math.min(by, indentOf(line)))

// Bounded, so that no text takes long to be read, whatever it is full of.
const INLINE =
  /(?<!`)(?<code>`{1,3})(?!`)(?<coded>.{1,1000}?)(?<!`)\k<code>(?!`)|\\(?<escaped>[!-/:-@[-`{-~])|\[(?<label>[^\][]{0,500})\]\((?<href>[^\s()<>]+)\)|(?<bare>https?:\/\/[^\s<>()"']+[^\s<>()"'.,:;!?])|(?<mark>\*\*|\*|(?<!\w)__?)(?=\S)(?<marked>.{1,1000}?)(?<=\S)\k<mark>(?![A-Za-z0-9_*])|(?<break> {2,}\n|\\\n)/gs

function inlinesOf(source: string, depth = 0): Inline[] {
  if (depth >= DEEPEST) return [{ kind: 'text', text: source }]
  const found: Inline[] = []
  let read = 0
  const addText = (text: string) => {
    if (text) found.push({ kind: 'text', text })
  }
  for (const match of source.matchAll(INLINE)) {
    const { coded, escaped, label, href, bare, mark, marked } = match.groups ?? {}
    addText(source.slice(read, match.index))
    read = match.index + match[0].length
    if (coded !== undefined) found.push({ kind: 'code', text: coded.trim() })
    else if (escaped !== undefined) addText(escaped)
    else if (bare !== undefined) found.push({ kind: 'link', href: bare, text: [{ kind: 'text', text: bare }] })
    else if (href !== undefined) found.push(linkOf(href, label ?? '', match[0], depth))
    else if (marked !== undefined)
      found.push({ kind: mark?.length === 2 ? 'strong' : 'em', text: inlinesOf(marked, depth + 1) })
    else found.push({ kind: 'break' })
  }
  addText(source.slice(read))
  return found
}

/** A link to the web, to a mailbox or within the site; anything else, such as a script, stays text. */
function linkOf(href: string, label: string, written: string, depth: number): Inline {
  if (!/^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(href)) return { kind: 'text', text: written }
  return { kind: 'link', href, text: inlinesOf(label || href, depth + 1) }
}
