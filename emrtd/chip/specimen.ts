/** The specimen holder: an invented woman of the state Utopia, with a portrait that was drawn for this program. */
import type { Holder } from './holder.ts';

/** The holder by size of the document, as in the examples of Doc 9303. */
export function specimenHolder(format: Holder['format']): Holder {
  return {
    format,
    documentCode: format === 'TD3' ? 'P' : 'I',
    issuingState: 'UTO',
    documentNumber: format === 'TD3' ? 'L898902C3' : 'D23145890',
    nationality: 'UTO',
    dateOfBirth: '740812',
    sex: 'F',
    dateOfExpiry: '320415',
    primaryIdentifier: 'ERIKSSON',
    secondaryIdentifier: 'ANNA MARIA',
  };
}

/** 240x320 JPEG with the word SPECIMEN across it. */
export const SPECIMEN_PHOTO: Uint8Array = Uint8Array.fromBase64(
  '/9j/2wBDAAkJCQkKCQoLCwoODw0PDhUTERETFR8WGBYYFh8wHiMeHiMeMCozKScpMypMOzU1O0xXSUVJV2pfX2qFf4Wuru' +
    'r/2wBDAQkJCQkKCQoLCwoODw0PDhUTERETFR8WGBYYFh8wHiMeHiMeMCozKScpMypMOzU1O0xXSUVJV2pfX2qFf4Wurur/' +
    'wgARCAFAAPADASIAAhEBAxEB/8QAHAABAQADAQEBAQAAAAAAAAAAAAEFBgcDBAII/8QAGgEBAAMBAQEAAAAAAAAAAAAAAA' +
    'IDBAEFBv/aAAwDAQACEAMQAAAA60iyuoKgqCoKgqCoKgqCoKgqCoKggAAAAAAAAAAAAAAIgqCoKgqCoKng79DAefO7GxWU' +
    '7yocqCoKgqCoCCoKgqCoLhcNyWFu0at+FNwOsjjh0/f/AOcdjsq7c+b6LaKgqCoKggAAAGu5/hMZ4z8FGkAAADa+yfzh2C' +
    'ynbxbSAAAQVBUFQafyHbNTo0hGYAAADP4Cuf0cxuR05KgqCoCCoKgsYw4b85m2AFy3O4i73tdc+e/D2L812cIbhp99AS51' +
    'vc+a9Jvy1Eo1BUBBUFQXWtk1HneQ2bBm2ZXP7Ky6fm+khMOAJynq+PnDiz9/jZl3bq/Ieu3ZqicKgqCDoABp+4alGXIei8' +
    '665i3ZHSugqL9CnQ/LsfP0IWapjd99Jw55mtn/ACcz1LrXJr6dv63yrquvEE4AARBUFQXWtkwXO8T7RxftGD0cjnMH71T4' +
    'd/Q2t/fdl8Pz4/nLvzPN96/OjJ832/ryjOcP7jxPvd16Roe9+h59RKFQVAQVBUFw+XxPO8N65yPouHfugy6QMbksbknQcA' +
    'nCuwcc0UdY3HU9r3+fUSjUFQEOVBUFw2YwHJcX2DX7l2d4YnLYtgcfF5ZI7+f0ODz60jQft+LXk6/tOp7XsxVHY1BUBBUF' +
    'QXUts0GM+bjPqznW+EbZTb0vFZVn1fD+vH8dnMk9uQc/+/nF2eDRR1PdOedC0ZaiUKgqAgqCoLyjq3C67ccKdAHUti1nN4' +
    'dv33HuS+3w8ZxxcehgA27rHCu6XZ6iyqoKgIKgqCoKgqDAeOQ+LyParyQn+vL29jPI9rwqgqCoKgqAgqCoKmK7zLY3QMBp' +
    'z7tr+JX09AyvPdx8L3ciMO9Pm1XRmxmf1J9H831TN8QylN/XGv5/NfURlUFQEdVBY0WUPbR/y3YgnEAD9X8OdDvAAG3aij' +
    'Ltv65z0XDtqITqDnznzF9R0Fz4bzqHy7tOnU23aPKP1OqavKnU22fVzukvn6cnzll8y5p7w6yctbngzEN8xLmsshsrulbX' +
    '66LGzoLnyu/oLnwCraA3HTstKrrXD9l1rtXfOY4jEIdS/WgZbscH0vkuxcuxPS+e0x3aOJ5Q67z7WP2h1vVdf9Ow9elcY9' +
    '+T6RybMYfloRvA7Az70PkMBzvsfGb6PlerTn8nqPJ6jyeo8nqPJ6jyeo8nqPJ6jyeo8nqPo6Jzjs2bRgGfUX//xABNEAAB' +
    'AwIDAQoHDAgEBwAAAAABAgMEBREABhITEBQgISIwMVJioRYyQVFhcZEHFUBCZXKBgqPB0eIjNVRzdKKxsiQzNtI0Q1NjcJ' +
    'Kz/9oACAEBAAE/AP8AxG/KixhqffaaHnWoJ/rhzM9BbNlVBv6oKv6DAzbl49E8fS2vDFbpEggNVBgnzFYB9hwCCLj4RVq9' +
    'T6Sj9OvU6RdLSeNRxUs41aYSlle9mvM3430qwta3FFa1qUo9JJuTwIVWqUAgxZbiB1b3T7Dik55acKWqk2Gz5HkeL9Iw24' +
    'hxCVtrSpChcKBuCPguZc0JpwMSIQqWRxnpDWHXXXnFuurUtajdSlG5J5ig5ilUh0IN3Iqjy2vvTiLKYmR25DDgW2sXBHwP' +
    'MlbFJhcggyXbhoebtYWtbi1LWoqUokqJ4ySeaytXTTJQYeX/AIV5VldhXW+BLWltClrUAlIJUT5AMVqprqlQekknRfS2PM' +
    'gc5k+rGbT97uqu9Gsn1o8nwHOlQMWliOg2ckq0/UHTzuWagYFXjLJs24dk56l/Ac5TN8VlbQPIYQED+p56ky9+02HJvcra' +
    'Gr5w4jz6iEgqJsALnEt9UmVIfV0uuqWfrG/DAJIAFycU/K9RljW4N7t+dY5XsxUqLPppu83dvyOJ408HI8jaUhbR6WX1D6' +
    'FcfP1p7YUmoOeUR1gesiw4IBJsBiLQqrKsW4iwnrL5A78RMlniMuV9RofecQqRT4NixHSFdc8avadxaELSpC0hSVCxBFwR' +
    'jMGXN6BUuGklj46OpwMgu2cqLPnS2rn83OaKBL7RQn+cbgBJAAuTiJkyQtKVSZKW+ykajiPlSkM2K0OPHtq/22wxChxv8i' +
    'M036UpAPCICgQQCCLEHGYqP73StbQ/w7pJR2T1d3Ii7VV9PWinuUOfzqbUX1vo3Mswt91VoqF0MjaK+jo5qqQEVCE9HV0k' +
    'XQeqodBw42tta21iykqKVDzEbmSTatH+HXz+d/1Mj+JR/Q7mS44TFlSPKtwIHqSMT5e8ob8nZFzZpvpGErzNWuWhRjRz0E' +
    'Etj8TjwMeXynKly/mE/fj3jzFAIVCm7QdXVbuVxYZ2uxa21troGu3Rqtx23KvEzDLmFuK+GolhZQXp9tuPHgY8vlO1Ll/M' +
    'Ku8nBoWYKfy4U0uAfECiP5VcWKFWJc1x6NLjFDzSblViPaMZug7CcmSgch8cfz07mSBesq9EdfP51F6L6n0bmWmg3RYnnU' +
    'FKP0q3dg/a+xXb5p4KWnVi6W1K9QJwpC0GykkH0i25mWHvqkvkDls/pU/V6cEWJxkVF6pJX5ox71Dn83I1UGWeqWz/ADgb' +
    'lHFqVA/h2z7RuRkhmkzJbKAuShl1SB08pKSQMe+9X999vtXdd9W3udV8SUh6kwpTyAiStloqHRylC5G4haFp1IUCPOMU1p' +
    'l2UlLvi2Jt5yMe6TUakiqrithWwaS3s2/i2ULlWPc8lSp9KlsTrraaKNGv4uoG6cOBKVrCTcBRAOFJStKkqFwQQRiU0WJM' +
    'hk9Lbqkf+ptjITd3Ki55ktp5/MydVCnjsA+xQO5RzelQP4dsewbjEh5hWppZScbwpm+t9e90fbatV7G1/Ppvpw/IefVqdW' +
    'VHEteiO6ezb24hI0Rmh5xf24BIIINiMTm49SS2J0Zt8o8VSrhQ+lJBw07sIyYsdCGWB8RsW9u7UjqqM1XnkOH+bGQ0WhzV' +
    '+d5I9g5+vi9FqH7hW5lp0OUWJ50hST9CuDPJcWwwPjKucAAAAcFSghKlKNgAScOLK3FrPSpRPtxkdNqQ6etKX/aOfrv6mq' +
    'P8OvcyXJCosqOelDgWPUrgtfpKg8o/ETYcKuyRGpMxflLZQPWvk7mTBaiI9Ly+fzCbUWofuTuZZm70qrQUbIeGzV9PRwXo' +
    'etzatuFtflI8uDDkOcTsklPmGEIShCUJ6ALDgZzm8UaEk/8AcX/QbmTv1G1+8Xz+aV6KDO9IQPasbgJBBBscUWoiowGnr/' +
    'pE8hwdocy862y0464rShCSpR9AxUZi501+Sr46uIeZI6BuZMN6KPQ8vn85uaKNp676E/fu0GrGmTAVk7BywdH34QtK0JWh' +
    'QUlQBBHQQcKCikhKrHyHCqmuOvZy2Ck+RaONJwmqwFf863rBGDU4I6Xx7CcKrDKlBDDS3VnoHRhjblF3tIUfip6E7ma6yH' +
    'Caewvkg3eI8/V3cjrvTJCOrJPekc/nt6zMBnrLWv2cDL+YTBIiyiTGPiq6mELQ4hK0KCkqFwQbgjC20OJKVpCk+Yi+HKNC' +
    'WbhKkfNOE0SEDxlxXrOGYzDAs02lO5X8yIjhcWEsF7oW4OhGCSSSd3Ibv6wa/dqHP50f2lWS15GWUj6VcfBy24pNHifX/v' +
    'OEvIPowCD0HcLiB5cLdUriHEODkx/Z1ct+R1lSfZyufq0rfdSmP3uFuq0/NHEODl0j3nij5/8AeeCSALk8Gkyd6VKG/ewQ' +
    '6nV808R+CTriU4fV/TCX1DpF8B9Hpxt0enBf8wwSpZ85+EygC8sH0YUwPIbYLC/RjYL9GAx51YShKegfBplXp8K4efTr6i' +
    'eUrErOCuiJGA7Tn4DEiuVSTfXLWkdVHIHdiiL101glVzdd/XqPBJCQSTYAXJxHqc+LbYynEjq3uPYcRc3TEWEllDo845Bx' +
    'DzFTJVhtdkvqucnAIIuD8AqNYhU4WdXqc8jaeNWJ+YqhMulC9i11UfeeBTam7BWbDU0o8pH3jEarQJAGl4JV1V8k4BBFwd' +
    'x+dEjgl19A9F7n2DFTrZkoUywCls+Mo9KuBArE+AQGnbt/9NXGnFMzDDnFLa/0L3VV0H1Hnq1mXQVR4KhfoU7/ALcKWpai' +
    'paipRNySbk8NK1p8VRHqOFOuKFlOKPrPMUbMjjBSxNUVtdAc6VJwlaVpCkkFJFwRxgjm8xVwqK4UVfJHE6seXsj4Hl6tmK' +
    'tMWQv9Ao8kn4hP3cLw7+Tftvy48O/k37b8uPDv5N+2/Ljw7+Tftvy4lZ2deYcbah7JahYL2l7d2N89jvxvnsd+N89jvxvn' +
    'sd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+N89jvxvnsd+IOc' +
    'nYsZth2JtigWC9pp4vYceHfyb9t+XHh38m/bflx4d/Jv235ceHfyb9t+XhZRy3Eq6Z8uc8tEWIi6g34ysT28iuw5JgvTWp' +
    'KEEtJc8VZ3KtlnJdGRDM92ajfAOkpOrxcZuysxRExJUOQp2JJ8XX0jGSaBArsuY1MLulpoKToNsTo+QGmZaGH52+UIWGwe' +
    'jWMIQpxaUISSpRAAHlJw7lfLVAhx3K/KfXJeFwyzivM5eTvZ2ivvqSvXtW3elsi1sZIy7T669ORNLtmUIKdCrdOHEhLi0j' +
    'oCiMNZFpcnLjEthbwnPQUvIBWNJXpvjJmVotZ32/PLiY7RDaNJ0kuHGaaZGpNclwo2vZNhvTrNzykBWMr5bok+gTapUi+A' +
    'w84CWz8RCArFZbyYmCo0l6WqVqFg50Wxl6AxUa1Bhv6tk6shWk2PRjOmUmKII0mEXFRl8hes3KV4zjl6n0VikLibW8lDhc' +
    '1qv4oTzeVahmCmCVKpkMyWLpD6NJXhtmnZmo9SkTaEIL7LaiHraSSATcGw3M4TaFDapJqtMXL1BzZWVbTbTfGaM1LrpjMt' +
    'xgxFY8RGPct/WFS/h04rFVrL8afHOUNmhSVpL4jrBA697Ypb7capwJDniNSWlq9SVAnHujUybMkwKjEaW/GMcIu2NdjcnE' +
    'mnzojbLkmM6yl7Vs9aSnVp6bA49yz/iat+6aw9/nOfPOJtUVScv5Mmi+lBY1+lBascP1SmN1qg0qkutLZcmLlPlpQUNS7k' +
    'DGfv8AVVR9TP8A8xjIrjjWT6q41H260SHilm2rWQ2nk4zHUqrNp2iRljeLaXUrL4YWjGTf9T0r96f7TiXKZnZjzBluYqzU' +
    'tDSmD1HQ0nHunILbGX0HpSh8dyObpdcqtIKzAlqZ121CwINvODio5uzBUo6o8mcSyrxkoSlGr2blUrtVq4YTPk7UM32fIQ' +
    'm2r5oG5S61U6O465AkbFbidKjoSu4+sDh3O+aHmnGnKjdC0lKhsWug/V3KbmqvUtoMxZyg0OhCwFgerViq1qp1dxDk+SXS' +
    'i+gWACb+YDFKrlUo6nVU+TsS6AF8hK7gfOBwSVEk9JNziXW6pNgxYMiTrjR7bJGhI06RpHGBiHMkwZTUqM5oeaN0KsDY+o' +
    '4n1CXUpbkuY7tH121LsE30iw4k4pmZq3SY6o8CZsmlLKynZoVyiO0DioZrr9TiriTJ20ZWQSnZtp6D2RiFMkwZTUqM5oea' +
    'N0KsDY+o4k1aoSqj75PSCZepCtqAE8aAAOIYqteq1Y2HvhK22x1aOQhFtfzQOF4LUL9i+0X+OPBahfsX2i/xx4LUL9i+0X' +
    '+OKjFiNz5TbLeltDhSkXJ8XixsWurjYtdXGxa6uNi11cbFrq42LXVxsWurjYtdXGxa6uNi11cbFrq42LXVxsWurjYtdXGx' +
    'a6uNi11cbFrq42LXVxsWurjYtdXGxa6uNi11cU6LEcnxW3m9Ta3AlQuR43FjwWoX7F9ov8ceC1C/YvtF/jjwWoX7F9ov8e' +
    'A+vaPur6y1H2n4OwvZvtL6q0n2Hgf/xAAxEQACAQICBwYGAwEAAAAAAAABAgADEQQTECAhMTJTkhIUMEFSoUNRYXGBkTNC' +
    'UHL/2gAIAQIBAT8A/wAXtD5iX8RntsEJJ0q/z8J2sNam3l4Lm7awNj4ZIG8w1VG7bM5rxWDC40JwjXbhMJsCYajnz1Ebsn' +
    '6aKfDrtwmVTZIrW8heZj+fuNAdtwhe4IIF5Sa6/aU+HXbhP2lbcJTYI1yI9ZCpAF76KVVVBBEq1Fe1hKO9onCNc7jKoumt' +
    'RGwmLwjXbcftCLgiEWNtVF7KgReEa78J0VEvtG/Rs0Uk/sdCcI16h2aX42+5l9SmdnhVf5H/AOj4gBJsBFw/qMWmi7lmMw' +
    'tVKruFJVmJuProoYWrWYWUhfNjGRG3qI2H9JjKVNiNZELmwiIqCw1LD5ajKrCxEdChsdOdU9UzqnqiYiuNiv7CHF4gfE9h' +
    'DicUPiewnesTa+YP0IMViT8T2E71iSbZnsIMViTe1T2E71ibXzPYTvWJtfMH6E71iSCcz2EfEVzsZ/YTOqeqZ1T1aQbGMQ' +
    'bRnve26Bh2QNsBFiDAQGB8orWvC1x+Z2h2QNu6BrC31jG7E6ewnpH6lClTJa6KfxMmjyk6RMmjyk6RMmjyk6RMmjyk6RMm' +
    'jyk6RMmjyk6RMmjyk6RMmjyk6RMmjyk6RMmjyk6RMmjyk6RK9KmCtkUfidhPSP1P/8QAOBEAAgECAQgHBAsBAAAAAAAAAQ' +
    'IDABEEBRASFCAxMpIhIjBBU1RxExVRoiMzQlJhYnKBkaHRUP/aAAgBAwEBPwD/AIui3wPapHfpO6gANwztH3r2Ua6R2pV+' +
    '12MYso2iLgjsBnAJ3ChEx39FeyW1FSpscz8Z214h60BcgUI0HdsOukM0vFtpxCoh1qZb95tWgnd/RzFF3mgtjcE2qQWb1q' +
    'Xi214h61DvNSoXQgG1Q4aRHBJA9M2IheQgqR6GsPE0a2Y1NuFScZ2xvFRHrbUx6QKfiO2vEPWgbEGgbi+a+dzpMTT8Teu2' +
    'nGM0b26DupSO8XFfRfFqYruUVI/2Rmk4ztxDrE51HUX0FWq2eUdYHsovqo/0jtCQBcmmn+6KMjtvasHioniRCwDKoFj+Ga' +
    'fFRQqbsC3cooO67mNLP94UGDC4O07hBc07lzc7Fz8dhWKm4pHDi+f3dg/C+Y17uwfhfMamyfk5ULyQmw/M1R5Myc4J1Vl/' +
    'UWFR4PJUhQDDsNK+iSWsbfvTYHJgkMequSLXsWO/96lydkyIqDhyWbcoLEmmyfkxYTK2GYAdxLXqXAZLhCF4DZjbib/aXA' +
    'ZLaZoRAdJRc9Zv9oYHJhkKDCuSDYkFrD+6bJ+S1lWIwdZhcdZqgyfk50EkcJAP5mr3dg/C+Y17uwfhfMc8yF42UKpv3Nur' +
    'DQvEH0iLE9CgkgfzWGwixKhfpdb95IF/hT4aQ4hpQqEHRtckEW9KmikMkcsZXSUEWO4g1NFLNhmQ6Ic/xvqeAymLdoqTpe' +
    'hFqhwpilDBrj2ZBJ3kk3pcNIMQ0mihBe97m4qbDNJKXuB9HYHvDA3BrDRNFAiMQSL7vxOfWcT48nManxeKAW2Il5zWuYzz' +
    'M3Oa1zGeZm5zWuYzzM3Oa1zGeZm5zWuYzzM3Oa1zGeZm5zWuYzzM3Oa1zGeZm5zWuYzzM3Oa1zGeZm5zWuYzzM3OagxeKI' +
    'a+Il5zWs4nx5OY1//Z',
);
