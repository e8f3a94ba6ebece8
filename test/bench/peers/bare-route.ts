import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** A Nest route on Fastify that answers one object and does nothing else: the peer of reads by id. */
const body = JSON.parse(process.argv[2]!) as object;

@Controller('pam/v1/devices')
class BareController {
  @Get(':id')
  read(): object {
    return body;
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.stdout.write(`ready http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}\n`);
