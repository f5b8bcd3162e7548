/** A table's declaration as Arrow objects: the schema that follows from it, and its dictionaries. */

import {
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Schema,
  Uint8,
  Utf8,
  Vector,
  makeData,
} from 'apache-arrow'
import { assert } from '../errors.ts'
import { columnMetadata, encodeTexts, tableMetadata } from './declaration.ts'
import type { ColumnType, TableDeclaration } from './declaration.ts'

/** A declaration with the Arrow objects made from it, shared by everything that reads or writes the table. */
export interface TableLayout {
  declaration: TableDeclaration
  schema: Schema
  /** The dictionary of each text column by column index; `undefined` for other columns. */
  dictionaries: readonly (Vector<Utf8> | undefined)[]
}

/**
 * The Arrow schema of a table and its dictionaries.
 *
 * Units and meanings are in the metadata, always in the same order: `table`, `meaning` for the schema, `unit`,
 * `meaning` for fields. Dictionary ids are 0, 1, 2... in the order of the text columns, because apache-arrow
 * would otherwise number them with a counter of the whole process.
 *
 * @throws Error when the declaration is contradictory: names twice, a text column without a dictionary...
 */
export function tableLayout(declaration: TableDeclaration): TableLayout {
  checkDeclaration(declaration)
  let nextDictionaryId = 0
  const dictionaries: (Vector<Utf8> | undefined)[] = []
  const fields = declaration.columns.map((column) => {
    const isText = column.type === 'text'
    const type = isText ? new Dictionary(new Utf8(), new Int32(), nextDictionaryId++) : valueType(column.type)
    dictionaries.push(isText ? textVector(column.dictionary ?? []) : undefined)
    return new Field<DataType>(column.name, type, column.nullable === true, new Map(columnMetadata(column)))
  })
  return { declaration, schema: new Schema(fields, new Map(tableMetadata(declaration))), dictionaries }
}

/** The Arrow type of a column's stored values: for text, of its indices. */
export function valueType(type: ColumnType): Float64 | Int32 | Uint8 {
  if (type === 'f64') return new Float64()
  return type === 'u8' ? new Uint8() : new Int32()
}

function textVector(texts: readonly string[]): Vector<Utf8> {
  const { offsets, bytes } = encodeTexts(texts)
  const type = new Utf8()
  return new Vector([
    makeData({ type, length: texts.length, nullCount: 0, valueOffsets: offsets, data: bytes }),
  ])
}

function checkDeclaration({ name, columns }: TableDeclaration): void {
  assert(name !== '', 'a table has a name')
  const names = new Set<string>()
  for (const column of columns) {
    assert(column.name !== '' && !names.has(column.name), 'column names differ', {
      table: name,
      column: column.name,
    })
    names.add(column.name)
    const { dictionary } = column
    assert(
      (column.type === 'text') === (dictionary !== undefined),
      'exactly the text columns have dictionaries',
      {
        table: name,
        column: column.name,
      },
    )
    assert(
      dictionary === undefined || new Set(dictionary).size === dictionary.length,
      'dictionary entries differ',
      {
        table: name,
        column: column.name,
        dictionary,
      },
    )
  }
}
