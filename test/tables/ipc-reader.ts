/**
 * A second reader of Arrow IPC files, written from the format's specification and sharing no code with apache-arrow:
 * https://arrow.apache.org/docs/format/Columnar.html and Schema.fbs, Message.fbs, File.fbs. It reads what results
 * consist of, and fails on anything that is not where, or not zero where, the format and our promise say.
 */

export interface IpcField {
  name: string
  nullable: boolean
  type: string
  dictionaryId: number | undefined
  metadata: [string, string][]
}

export interface IpcColumn {
  nullCount: number
  /** One flag per row; all true when the column has no bitmap. */
  valid: boolean[]
  values: number[]
}

export interface IpcFile {
  metadata: [string, string][]
  fields: IpcField[]
  dictionaries: Map<number, string[]>
  batches: { rowCount: number; columns: IpcColumn[] }[]
}

/** Reads a whole file and checks every byte between its magics. */
export function readIpcFile(bytes: Uint8Array): IpcFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  expectThat(text(bytes, 0, 6) === 'ARROW1' && bytes[6] === 0 && bytes[7] === 0, 'magic and padding in front')
  expectThat(text(bytes, bytes.length - 6, 6) === 'ARROW1', 'magic at the end')
  const footerLength = view.getInt32(bytes.length - 10, true)
  const footerStart = bytes.length - 10 - footerLength
  const footer = root(view, footerStart)
  const schema = child(footer, 1)
  const fields = vector(schema, 1, 4).map((at) => readField(follow(view, at)))

  // The stream before the footer: schema, dictionaries, batches, end mark, without gaps, as the footer says.
  const dictionaryBlocks = vector(footer, 2, 24).map((at) => readBlock(view, at))
  const batchBlocks = vector(footer, 3, 24).map((at) => readBlock(view, at))
  const first = readMessage(view, 8)
  expectThat(first.headerType === HEADER.schema, 'the stream begins with the schema')
  expectSame(
    vector(first.header, 1, 4).map((at) => readField(follow(view, at))),
    fields,
    'both schemas',
  )
  let next = first.end
  for (const block of [...dictionaryBlocks, ...batchBlocks]) {
    expectThat(block.offset === next, 'blocks follow each other')
    const message = readMessage(view, block.offset)
    expectThat(message.bodyStart === block.offset + block.metadataLength, 'block metadata length')
    expectThat(message.end === message.bodyStart + block.bodyLength, 'block body length')
    next = message.end
  }
  expectThat(view.getInt32(next, true) === -1 && view.getInt32(next + 4, true) === 0, 'end mark')
  expectThat(next + 8 === footerStart, 'the footer follows the end mark')

  const dictionaries = new Map(dictionaryBlocks.map((block) => readDictionary(view, block.offset)))
  const batches = batchBlocks.map((block) => readBatch(view, block.offset, fields))
  return { metadata: pairs(schema, 2), fields, dictionaries, batches }
}

const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const
const TYPE = { int: 2, floatingPoint: 3, utf8: 5 } as const

function readField(field: Table): IpcField {
  const encoding = optionalChild(field, 4)
  const type = typeName(field)
  return {
    name: stringAt(field, 0),
    nullable: scalar(field, 1, (view, at) => view.getUint8(at) === 1, false),
    type: encoding === undefined ? type : `${type} by ${intName(child(encoding, 1))}`,
    dictionaryId: encoding === undefined ? undefined : int64(encoding, 0),
    metadata: pairs(field, 6),
  }
}

function typeName(field: Table): string {
  const type = scalar(field, 2, (view, at) => view.getUint8(at), 0)
  if (type === TYPE.utf8) return 'utf8'
  if (type === TYPE.int) return intName(child(field, 3))
  expectThat(type === TYPE.floatingPoint, `known type ${type}`)
  expectThat(scalar(child(field, 3), 0, (view, at) => view.getInt16(at, true), 0) === 2, 'double precision')
  return 'float64'
}

function intName(int: Table): string {
  const isSigned = scalar(int, 1, (view, at) => view.getUint8(at) === 1, false)
  return `${isSigned ? 'int' : 'uint'}${scalar(int, 0, (view, at) => view.getInt32(at, true), 0)}`
}

function readDictionary(view: DataView, offset: number): [number, string[]] {
  const message = readMessage(view, offset)
  expectThat(message.headerType === HEADER.dictionaryBatch, 'a dictionary where one is announced')
  const batch = child(message.header, 1)
  const length = int64(batch, 0)
  const [validity, offsets, characters] = bodyBuffers(view, batch, message)
  expectThat(validity!.length === 0, 'dictionaries have no nulls')
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const texts = Array.from({ length }, (_, index) => {
    const [start, end] = [0, 4].map((by) => view.getInt32(offsets!.start + 4 * index + by, true)) as [
      number,
      number,
    ]
    return text(bytes, characters!.start + start, end - start)
  })
  return [int64(message.header, 0), texts]
}

function readBatch(view: DataView, offset: number, fields: readonly IpcField[]): IpcFile['batches'][number] {
  const message = readMessage(view, offset)
  expectThat(message.headerType === HEADER.recordBatch, 'a batch where one is announced')
  const rowCount = int64(message.header, 0)
  const nodes = vector(message.header, 1, 16)
  const buffers = bodyBuffers(view, message.header, message)
  expectThat(nodes.length === fields.length && buffers.length === 2 * fields.length, 'two buffers a column')
  const columns = fields.map((field, index): IpcColumn => {
    const node = nodes[index]!
    expectThat(Number(view.getBigInt64(node, true)) === rowCount, 'columns are as long as their batch')
    const nullCount = Number(view.getBigInt64(node + 8, true))
    const [validity, values] = [buffers[2 * index]!, buffers[2 * index + 1]!]
    const column = { nullCount, valid: readValidity(view, validity, rowCount), values: [] as number[] }
    expectThat(column.valid.filter((isValid) => !isValid).length === nullCount, `null count of ${field.name}`)
    expectThat(field.nullable || nullCount === 0, `${field.name} has no nulls`)
    const width = field.type === 'float64' ? 8 : field.type === 'uint8' ? 1 : 4
    expectThat(values.length === ((rowCount * width + 7) & ~7), `length of ${field.name}`)
    for (let row = 0; row < rowCount; row++) {
      const at = values.start + row * width
      const value =
        width === 8 ? view.getFloat64(at, true) : width === 1 ? view.getUint8(at) : view.getInt32(at, true)
      if (!column.valid[row]) expectZero(view, at, at + width, `null slot ${row} of ${field.name}`)
      column.values.push(value)
    }
    expectZero(
      view,
      values.start + rowCount * width,
      values.start + values.length,
      `padding of ${field.name}`,
    )
    return column
  })
  return { rowCount, columns }
}

function readValidity(view: DataView, { start, length }: Region, rowCount: number): boolean[] {
  if (length === 0) return Array.from({ length: rowCount }, () => true)
  expectThat(length === Math.ceil(rowCount / 64) * 8, 'length of a bitmap')
  const bits = Array.from(
    { length: length * 8 },
    (_, bit) => (view.getUint8(start + (bit >> 3)) >> (bit & 7)) % 2 === 1,
  )
  expectThat(
    bits.slice(rowCount).every((bit) => !bit),
    'tail bits are zero',
  )
  return bits.slice(0, rowCount)
}

interface Region {
  start: number
  length: number
}

/** The buffers of a body, which must fill it one after the other, aligned to 8 bytes. */
function bodyBuffers(view: DataView, batch: Table, message: Message): Region[] {
  expectThat(optionalChild(batch, 3) === undefined, 'bodies are not compressed')
  let next = message.bodyStart
  const regions = vector(batch, 2, 16).map((at) => {
    const start = message.bodyStart + Number(view.getBigInt64(at, true))
    const length = Number(view.getBigInt64(at + 8, true))
    expectThat(start === next && start % 8 === 0, 'buffers follow each other, aligned')
    next = start + length
    return { start, length }
  })
  expectThat(next === message.end, 'buffers fill the body')
  return regions
}

interface Message {
  headerType: number
  header: Table
  bodyStart: number
  end: number
}

function readMessage(view: DataView, offset: number): Message {
  expectThat(offset % 8 === 0 && view.getUint32(offset, true) === 0xffffffff, 'an aligned continuation mark')
  const metadataLength = view.getInt32(offset + 4, true)
  const message = root(view, offset + 8)
  const bodyStart = offset + 8 + metadataLength
  expectThat(bodyStart % 8 === 0, 'an aligned body')
  expectThat(scalar(message, 0, (_, at) => view.getInt16(at, true), 0) === 4, 'metadata version 5')
  return {
    headerType: scalar(message, 1, (_, at) => view.getUint8(at), 0),
    header: child(message, 2),
    bodyStart,
    end: bodyStart + int64(message, 3),
  }
}

function readBlock(
  view: DataView,
  at: number,
): { offset: number; metadataLength: number; bodyLength: number } {
  return {
    offset: Number(view.getBigInt64(at, true)),
    metadataLength: view.getInt32(at + 8, true),
    bodyLength: Number(view.getBigInt64(at + 16, true)),
  }
}

// Flatbuffers, as far as needed: tables with vtables, vectors, strings.

interface Table {
  view: DataView
  at: number
}

function root(view: DataView, start: number): Table {
  return { view, at: start + view.getUint32(start, true) }
}

function follow(view: DataView, at: number): Table {
  return { view, at: at + view.getUint32(at, true) }
}

function fieldAddress({ view, at }: Table, index: number): number | undefined {
  const vtable = at - view.getInt32(at, true)
  if (4 + 2 * index >= view.getUint16(vtable, true)) return undefined
  const offset = view.getUint16(vtable + 4 + 2 * index, true)
  return offset === 0 ? undefined : at + offset
}

function scalar<Value>(
  table: Table,
  index: number,
  read: (view: DataView, at: number) => Value,
  absent: Value,
): Value {
  const at = fieldAddress(table, index)
  return at === undefined ? absent : read(table.view, at)
}

function int64(table: Table, index: number): number {
  return scalar(table, index, (view, at) => Number(view.getBigInt64(at, true)), 0)
}

function optionalChild(table: Table, index: number): Table | undefined {
  const at = fieldAddress(table, index)
  return at === undefined ? undefined : follow(table.view, at)
}

function child(table: Table, index: number): Table {
  const found = optionalChild(table, index)
  expectThat(found !== undefined, `field ${index} is there`)
  return found!
}

/** Addresses of a vector's elements, `width` bytes each. */
function vector(table: Table, index: number, width: number): number[] {
  const start = optionalChild(table, index)?.at
  if (start === undefined) return []
  return Array.from(
    { length: table.view.getUint32(start, true) },
    (_, element) => start + 4 + element * width,
  )
}

function stringAt(table: Table, index: number): string {
  const { view, at } = child(table, index)
  return text(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at + 4, view.getUint32(at, true))
}

function pairs(table: Table, index: number): [string, string][] {
  return vector(table, index, 4).map((at) => {
    const pair = follow(table.view, at)
    return [stringAt(pair, 0), stringAt(pair, 1)]
  })
}

function text(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.subarray(start, start + length)).toString('utf8')
}

function expectZero(view: DataView, start: number, end: number, what: string): void {
  for (let at = start; at < end; at++) expectThat(view.getUint8(at) === 0, `${what} is zero`)
}

function expectSame(left: unknown, right: unknown, what: string): void {
  expectThat(JSON.stringify(left) === JSON.stringify(right), `${what} are the same`)
}

function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not so in this Arrow file: ${what}`)
}
