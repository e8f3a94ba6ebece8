import { describe, expect, it } from '@jest/globals';
import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { defineResource, ResourceDefinitionError } from '#read-only-resources';

@Entity('things')
class ThingEntity {
  @PrimaryColumn('text') id: string;
  @Column('integer', { nullable: true }) size: number | null;
  @Column('text', { nullable: true }) shape: string | null;
  @Column('timestamptz', { name: 'made_at' }) madeAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

class Common {
  @ApiProperty({ description: 'Id.', example: 't1' }) id: string;
  @ApiProperty({ description: 'Changed.', readOnly: true, example: '2026-01-31T12:00:00Z' }) updated_at: Date;
}

class ThingDto extends Common {
  @ApiProperty({ description: 'Size.', type: 'integer', nullable: true, example: 3 }) size: number | null;
  @ApiProperty({ description: 'Made.', example: '2026-01-31T12:00:00Z' }) made_at: Date;
}

class WithoutColumn extends Common {
  @ApiProperty({ description: 'Colour.', example: 'red' }) colour: string;
}

class OfAnotherType extends Common {
  @ApiProperty({ description: 'Made.', example: 'red' }) made_at: string;
}

class NeverNull extends Common {
  @ApiProperty({ description: 'Size.', type: 'integer', example: 3 }) size: number;
}

class NullOutOfItsValues extends Common {
  @ApiProperty({ description: 'Shape.', enum: ['round'], nullable: true, example: 'round' })
  shape: string | null;
}

class Undocumented extends Common {
  @ApiProperty({ example: '2026-01-31T12:00:00Z' }) made_at: Date;
}

function define(dto: new () => object) {
  return defineResource({
    name: 'things',
    singular: 'thing',
    description: 'Things.',
    entity: ThingEntity,
    dto,
    search: ['id'],
  });
}

describe('the definition of a resource', () => {
  it('brings filters and sort columns by the kinds of its columns', () => {
    const { list, scope } = define(ThingDto);
    expect(scope).toBe('things:read');
    expect(list.filters.map(({ name }) => name).sort()).toEqual([
      'id',
      'made_from',
      'made_to',
      'search',
      'size',
      'size_from',
      'size_to',
      'updated_from',
      'updated_since',
      'updated_to',
    ]);
    expect(Object.keys(list.sortable).sort()).toEqual(['id', 'made_at', 'size', 'updated_at']);
  });

  it.each([
    ['has no column', WithoutColumn, /colour has no column/],
    ['is of another type than its column', OfAnotherType, /made_at is string/],
    ['differs from its column on null', NeverNull, /size and its column differ/],
    ['may be null, and has values without it', NullOutOfItsValues, /shape must have null among its values/],
    ['is not documented', Undocumented, /made_at lacks a description/],
  ])('is refused where a field %s', (_, dto, message) => {
    expect(() => define(dto)).toThrow(ResourceDefinitionError);
    expect(() => define(dto)).toThrow(message);
  });
});
