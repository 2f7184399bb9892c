//! IP addresses and the blocks that `cidr` names (RFC 4632, RFC 4291).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that a text is, if it is one. An IPv4 address in IPv6 (`::ffff:a00:1`) is the IPv4 address.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        let address: Ipv6Addr = text.parse().ok()?;
        return Some(address.to_canonical());
    }
    // The standard parser refuses leading zeros; here they are decimal all the same.
    let mut parts = text.split('.').map(|part| {
        (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u8>().ok()).flatten()
    });
    let mut next = || parts.next().flatten();
    let octets = [next()?, next()?, next()?, next()?];
    parts.next().is_none().then(|| IpAddr::V4(Ipv4Addr::from(octets)))
}

/// All addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    base: IpAddr,
    /// Bits that are the same.
    length: u32,
}

impl Block {
    /// Reads `10.0.0.0/8`; the error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some((base, length)) = text.split_once('/') else {
            return Err("a block of addresses is an address, a slash and a number of bits".to_owned());
        };
        let base = address(base).ok_or("what stands before the slash is not an IP address")?;
        let (family, most) = if base.is_ipv4() { ("IPv4", 32) } else { ("IPv6", 128) };
        let length = length
            .parse()
            .ok()
            .filter(|length| *length <= most)
            .ok_or_else(|| format!("the number of bits of an {family} block is from 0 to {most}"))?;
        Ok(Self { base, length })
    }

    /// Whether the block holds the address; addresses of the other family are in no block.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                (base.to_bits() ^ address.to_bits()).checked_shr(32 - self.length).is_none_or(|bits| bits == 0)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                (base.to_bits() ^ address.to_bits()).checked_shr(128 - self.length).is_none_or(|bits| bits == 0)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_the_addresses_that_share_its_bits() {
        for (block, inside, outside) in [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("220.160.153.171/31", "220.160.153.170", "220.160.153.172"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("192.0.2.7/32", "192.0.2.7", "192.0.2.6"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1/128", "0:0:0:0:0:0:0:1", "::2"),
        ] {
            let parsed = Block::parse(block).unwrap();
            assert!(parsed.contains(address(inside).unwrap()), "{block} {inside}");
            assert!(!parsed.contains(address(outside).unwrap()), "{block} {outside}");
        }
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in
            ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0/8", "10.0.0.0/-1", "10.0.0.0/8/8", "256.0.0.0/8"]
        {
            assert!(Block::parse(text).is_err(), "{text}");
        }
    }
}
