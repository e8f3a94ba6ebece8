import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { ProblemDocument } from '#http-api';
import { MAX_LISTED_ERRORS } from './imports/import-report.js';

/** Why a line of an import was rejected. */
export class LineErrorDto {
  @ApiProperty({
    description: 'The line in which the row begins, from 1; blank ones count.',
    type: 'integer',
    example: 17,
  })
  line: number;

  @ApiPropertyOptional({ description: 'The row’s id, where it could be read.', example: 'dev-0017' })
  id?: string;

  @ApiPropertyOptional({
    description: 'The field that is wrong; absent where the whole line is.',
    example: 'state',
  })
  field?: string;

  @ApiProperty({ description: 'What is wrong with it.', example: 'must be one of managed, unmanaged' })
  message: string;
}

/** What became of the rows of an import. */
export class ImportReportDto {
  @ApiProperty({ description: 'Rows that are new.', type: 'integer', example: 12 })
  created: number;

  @ApiProperty({ description: 'Rows that were there and changed.', type: 'integer', example: 3 })
  updated: number;

  @ApiProperty({ description: 'Rows that were there just so.', type: 'integer', example: 240 })
  unchanged: number;

  @ApiProperty({ description: 'Rows that were not stored.', type: 'integer', example: 1 })
  rejected: number;

  @ApiPropertyOptional({
    description: 'Rows that were removed, as the file did not have them: with `mode=replace` alone.',
    type: 'integer',
    example: 2,
  })
  deleted?: number;

  @ApiProperty({
    description: `Why rows were rejected: the first ${MAX_LISTED_ERRORS} faults.`,
    type: [LineErrorDto],
  })
  errors: LineErrorDto[];
}

/** The refusal of an import of which rows were rejected. Nothing was stored. */
export class ImportProblemDocument extends OmitType(ProblemDocument, ['errors']) {
  @ApiProperty({ description: 'Rows that were stored as new: none.', type: 'integer', example: 0 })
  created: number;

  @ApiProperty({ description: 'Rows that were changed: none.', type: 'integer', example: 0 })
  updated: number;

  @ApiProperty({
    description: 'Rows that were found to be stored just so: none.',
    type: 'integer',
    example: 0,
  })
  unchanged: number;

  @ApiProperty({ description: 'Rows that were rejected.', type: 'integer', example: 1 })
  rejected: number;

  @ApiProperty({
    description: `Why rows were rejected: the first ${MAX_LISTED_ERRORS} faults.`,
    type: [LineErrorDto],
  })
  errors: LineErrorDto[];
}
