/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/device_name.h"
#include "config/addr.h"
#include "config/read.h"

static bool prefix_is_set(struct ip4_prefix prefix)
{
	return prefix.len <= 32;
}

static bool ip4_is_set(struct ip4 addr)
{
	return addr.v != 0;
}

static bool prefixes_overlap(struct ip4_prefix a, struct ip4_prefix b)
{
	return ip4_prefix_has(a, addr_network_first(b)) || ip4_prefix_has(b, addr_network_first(a));
}

const struct port_config *check_port_with_address(const struct gateway_config *config,
						  struct ip4 addr)
{
	for (size_t i = 0; i < config->port_count; i++)
		for (size_t j = 0; j < config->ports[i].address_count; j++)
			if (prefix_is_set(config->ports[i].addresses[j]) &&
			    ip4_eq(config->ports[i].addresses[j].addr, addr))
				return &config->ports[i];
	return NULL;
}

/* A connected network on which a host may have addr. */
static bool is_connected(const struct gateway_config *config, struct ip4 addr)
{
	for (size_t i = 0; i < config->port_count; i++)
		for (size_t j = 0; j < config->ports[i].address_count; j++)
			if (prefix_is_set(config->ports[i].addresses[j]) &&
			    addr_is_host_of(config->ports[i].addresses[j], addr))
				return true;
	return false;
}

/* The same address twice anywhere, or one network on two ports: replies would leave through the
 * wrong one.  False when the two cannot stand beside each other, which is then reported. */
static bool check_address_pair(struct reader *r, size_t port, size_t item, size_t port_before,
			       size_t item_before)
{
	const struct port_config *ports = r->config->ports;
	struct ip4_prefix address = ports[port].addresses[item];
	struct ip4_prefix before = ports[port_before].addresses[item_before];
	struct finding_place place;
	char text[ADDR_TEXT_BYTES];

	if (!prefix_is_set(address) || !prefix_is_set(before))
		return true;
	if (!ip4_eq(address.addr, before.addr) &&
	    (port == port_before || !prefixes_overlap(address, before)))
		return true;
	place = read_place(r, SECTION_ports, port, "addresses", item);
	if (ip4_eq(address.addr, before.addr)) {
		addr_write_ip4(address.addr, text);
		findings_error(r->findings, place, "%s is listed before; keep one of them", text);
	} else {
		addr_write_prefix(before, text);
		findings_error(r->findings, place,
			       "the network overlaps with that of %s of another port; give each "
			       "port its own network",
			       text);
	}
	return false;
}

static void check_address(struct reader *r, size_t port, size_t item)
{
	const struct port_config *ports = r->config->ports;

	for (size_t i = 0; i <= port; i++)
		for (size_t j = 0; j < (i < port ? ports[i].address_count : item); j++)
			if (!check_address_pair(r, port, item, i, j))
				return;
}

static void check_addresses(struct reader *r)
{
	for (size_t i = 0; i < r->config->port_count; i++)
		for (size_t j = 0; j < r->config->ports[i].address_count; j++)
			check_address(r, i, j);
}

/* Whether every address of the gateway has been understood: if not, who can be reached is not
 * known. */
static bool addresses_are_known(const struct gateway_config *config)
{
	bool known = config->port_count > 0;

	for (size_t i = 0; i < config->port_count; i++) {
		known &= config->ports[i].address_count > 0;
		for (size_t j = 0; j < config->ports[i].address_count; j++)
			known &= prefix_is_set(config->ports[i].addresses[j]);
	}
	return known;
}

static bool devices_collide(const struct port_config *a, const struct port_config *b)
{
	struct device_name first, second;

	return a->device != NULL && b->device != NULL &&
	       device_name_parse(a->device, &first, NULL) == GW_ERR_OK &&
	       device_name_parse(b->device, &second, NULL) == GW_ERR_OK &&
	       device_name_collides(&first, &second);
}

static void check_devices(struct reader *r)
{
	const struct port_config *ports = r->config->ports;

	for (size_t i = 0; i < r->config->port_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!devices_collide(&ports[i], &ports[j]))
				continue;
			findings_error(
				r->findings,
				read_place(r, SECTION_ports, i, "device", READ_NO_ITEM),
				"the device is another port's already; give each port its own");
			break;
		}
	}
}

/* A worker has its core for itself.  What was refused already is 0 by another text. */
static void check_cores(struct reader *r)
{
	const struct yaml_node *list = yaml_get(yaml_get(r->root, "workers"), "cores");
	const unsigned *cores = r->config->cores;

	for (size_t i = 0; i < r->config->core_count; i++) {
		const struct yaml_node *node = yaml_at(list, i);

		for (size_t j = 0; j < i; j++) {
			if (cores[i] != cores[j] || (cores[i] == 0 && strcmp(node->text, "0") != 0))
				continue;
			findings_error(r->findings,
				       (struct finding_place){.key_path = "workers.cores",
							      .pos = node->pos},
				       "core %u is listed before; each worker needs its own",
				       cores[i]);
			break;
		}
	}
}

static void check_router(struct reader *r, size_t idx)
{
	const struct route_config *route = &r->config->routes[idx];

	if (ip4_is_set(route->via)) {
		if (check_port_with_address(r->config, route->via) != NULL)
			findings_error(r->findings,
				       read_place(r, SECTION_routes, idx, "via", READ_NO_ITEM),
				       "is an address of the gateway itself; name the router's");
		else if (!is_connected(r->config, route->via))
			findings_error(r->findings,
				       read_place(r, SECTION_routes, idx, "via", READ_NO_ITEM),
				       "is no host of a network of a port; name a router that a "
				       "port reaches directly");
	}
}

static void check_route_is_new(struct reader *r, size_t idx)
{
	const struct route_config *routes = r->config->routes;
	const struct route_config *route = &routes[idx];

	for (size_t i = 0; prefix_is_set(route->to) && i < idx; i++) {
		if (routes[i].to.len != route->to.len || !ip4_eq(routes[i].to.addr, route->to.addr))
			continue;
		findings_error(r->findings, read_place(r, SECTION_routes, idx, "to", READ_NO_ITEM),
			       "has a route already; keep one of them");
		break;
	}
}

static bool is_routed(const struct gateway_config *config, struct ip4 addr)
{
	for (size_t i = 0; i < config->route_count; i++)
		if (prefix_is_set(config->routes[i].to) &&
		    ip4_prefix_has(config->routes[i].to, addr))
			return true;
	return false;
}

/* The address of ours on the network through which addr is reached: decides the port.  NULL when none is. */
static const struct port_config *port_towards(const struct gateway_config *config, struct ip4 addr)
{
	const struct route_config *best = NULL;

	for (size_t i = 0; i < config->port_count; i++)
		for (size_t j = 0; j < config->ports[i].address_count; j++)
			if (addr_is_host_of(config->ports[i].addresses[j], addr))
				return &config->ports[i];
	for (size_t i = 0; i < config->route_count; i++)
		if (prefix_is_set(config->routes[i].to) &&
		    ip4_prefix_has(config->routes[i].to, addr) &&
		    (best == NULL || best->to.len < config->routes[i].to.len))
			best = &config->routes[i];
	return best != NULL && is_connected(config, best->via) ? port_towards(config, best->via)
							       : NULL;
}

/* Answers to a source come by the port that has it, so that must be the one the servers are behind. */
static void check_source(struct reader *r, size_t idx, size_t item)
{
	const struct pool_config *pool = &r->config->pools[idx];
	struct finding_place place;

	if (!ip4_is_set(pool->sources[item]))
		return;
	place = read_place(r, SECTION_backend_pools, idx, "source_addresses", item);
	for (size_t i = 0; i < item; i++) {
		if (!ip4_eq(pool->sources[i], pool->sources[item]))
			continue;
		findings_error(r->findings, place, "is listed before; keep one of them");
		return;
	}
	for (size_t i = 0; i < pool->server_count; i++) {
		const struct port_config *port = port_towards(r->config, pool->servers[i].addr);

		if (pool->servers[i].port == 0 || port == NULL ||
		    port == check_port_with_address(r->config, pool->sources[item]))
			continue;
		findings_error(r->findings, place,
			       "is no address of port \"%s\", behind which the servers are; name "
			       "addresses of that port",
			       port->name != NULL ? port->name : "?");
		return;
	}
}

static bool server_is_listed_before(const struct pool_config *pool, size_t item)
{
	for (size_t i = 0; i < item; i++)
		if (ip4_eq(pool->servers[i].addr, pool->servers[item].addr) &&
		    pool->servers[i].port == pool->servers[item].port)
			return true;
	return false;
}

static void check_server(struct reader *r, size_t idx, size_t item)
{
	struct ip4_endpoint server = r->config->pools[idx].servers[item];
	struct finding_place place;

	if (server.port == 0)
		return;
	place = read_place(r, SECTION_backend_pools, idx, "servers", item);
	if (server_is_listed_before(&r->config->pools[idx], item))
		findings_error(r->findings, place, "is listed before; keep one of them");
	else if (check_port_with_address(r->config, server.addr) != NULL)
		findings_error(r->findings, place,
			       "is an address of the gateway itself; name the server's");
	else if (!is_connected(r->config, server.addr) && !is_routed(r->config, server.addr))
		findings_error(
			r->findings, place,
			"cannot be reached; give a port an address on its network, or add a route");
}

static void check_listener_address(struct reader *r, size_t idx)
{
	struct ip4_endpoint address = r->config->listeners[idx].address;

	if (address.port != 0 && check_port_with_address(r->config, address.addr) == NULL)
		findings_error(r->findings,
			       read_place(r, SECTION_listeners, idx, "address", READ_NO_ITEM),
			       "is no address of a port; add it to the addresses of one");
}

void check_networks(struct reader *r)
{
	check_cores(r);
	check_devices(r);
	check_addresses(r);
	for (size_t i = 0; i < r->config->route_count; i++)
		check_route_is_new(r, i);
	if (!addresses_are_known(r->config))
		return;
	for (size_t i = 0; i < r->config->route_count; i++)
		check_router(r, i);
	for (size_t i = 0; i < r->config->pool_count; i++)
		for (size_t j = 0; j < r->config->pools[i].server_count; j++)
			check_server(r, i, j);
	for (size_t i = 0; i < r->config->pool_count; i++)
		for (size_t j = 0; j < r->config->pools[i].source_count; j++)
			check_source(r, i, j);
	for (size_t i = 0; i < r->config->listener_count; i++)
		check_listener_address(r, i);
}
